"""What a spec means against what stands in AWS: pure comparisons, which read neither files nor AWS.

aws/ or the AWS CLI's output ──estate──▶ Estate ──locate(Intent)──▶ Location ──▶ preflight, verify, drift
"""
