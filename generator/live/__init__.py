"""What a spec means against what exists in AWS: pure comparisons, which read neither files nor AWS.

aws/ or the AWS CLI's output ──estate──▶ Estate ──locate(Intent)──▶ Located ──match──▶ preflight, verify, drift
"""
