#!/bin/sh
# Written by gen-endpoints verify --from-inside, of the spec @SPEC@ in @REGION@.
# Run it with sh in a task or an instance of the VPC, with the security groups and in the subnets of the workloads.
# It needs nothing installed, asks for no credentials and changes nothing. Exit 1 where something failed.

passed=0
failed=0
skipped=0

passes() {
  passed=$((passed + 1))
  printf 'PASS  %s\n' "$*"
}

fails() {
  failed=$((failed + 1))
  printf 'FAIL  %s\n' "$*"
}

skips() {
  skipped=$((skipped + 1))
  printf 'SKIP  %s\n' "$*"
}

# The first of some commands that this machine has.
first_of() {
  for tool in "$@"; do
    if command -v "$tool" >/dev/null 2>&1; then
      printf '%s' "$tool"
      return
    fi
  done
}

# limited SECONDS COMMAND...: run a command with our standard input, and end it when it takes too long.
limited() {
  seconds=$1
  shift
  { "$@" <&3 3<&- & } 3<&0
  worker=$!
  { sleep "$seconds" && kill "$worker"; } >/dev/null 2>&1 3<&- &
  guard=$!
  wait "$worker" 2>/dev/null
  answer=$?
  kill "$guard" 2>/dev/null
  return "$answer"
}

# The addresses that nslookup prints of a name: those after the line "Name:", for the first is the resolver's own.
after_name() {
  named=no
  while read -r word value rest; do
    case $word in
      Name:) named=yes ;;
      Address:) [ "$named" = no ] || printf '%s\n' "$value" ;;
      Address) [ "$named" = no ] || printf '%s\n' "${rest%% *}" ;;
    esac
  done
}

first_words() {
  while read -r word _; do
    printf '%s\n' "$word"
  done
}

# The addresses of a name, one a line; some stand there more than once.
addresses_of() {
  case $resolver in
    getent) { getent ahosts "$1" || getent hosts "$1"; } | first_words ;;
    python3) python3 -c 'import socket, sys
for found in socket.getaddrinfo(sys.argv[1], None):
    print(found[4][0])' "$1" ;;
    nslookup) nslookup "$1" | after_name ;;
  esac 2>/dev/null </dev/null
}

# Whether an address is one of a private network (RFC 1918, RFC 6598, RFC 4193). VPCs have global IPv6 addresses, too.
kind_of() {
  case $1 in
    10.* | 192.168.* | 172.1[6-9].* | 172.2[0-9].* | 172.3[01].*) printf private ;;
    100.6[4-9].* | 100.[7-9][0-9].* | 100.1[01][0-9].* | 100.12[0-7].*) printf private ;;
    [Ff][CcDd]*:*) printf private ;;
    *:*) printf ipv6 ;;
    *) printf public ;;
  esac
}

# Whether a name leads to private addresses; no other tool is asked than that which the system's programs ask.
is_private() {
  if [ -z "$resolver" ]; then
    skips "$1: $2: none of getent, python3 and nslookup is here to resolve it"
    return 0
  fi
  private=''
  other=''
  global=''
  for address in $(addresses_of "$2"); do
    case $(kind_of "$address") in
      private) case " $private" in *" $address "*) ;; *) private="$private$address " ;; esac ;;
      public) case " $other" in *" $address "*) ;; *) other="$other$address " ;; esac ;;
      *) case " $global" in *" $address "*) ;; *) global="$global$address " ;; esac ;;
    esac
  done
  if [ -n "$other" ]; then
    fails "$1: $2 is ${other% }, which is public: private DNS does not lead to the endpoint here"
    return 1
  elif [ -n "$private" ]; then
    passes "$1: $2 is private: ${private% }"
  elif [ -n "$global" ]; then
    skips "$1: $2 is ${global% }: an IPv6 address does not tell whether it is the VPC's"
  else
    fails "$1: $2 has no address here"
    return 1
  fi
}

# Whether a TCP connection can be opened. The tools disagree on how they say no, not on how they say yes.
opens() {
  case $opener in
    curl)
      when=$(curl -s -o /dev/null -w '%{time_connect}' --noproxy '*' --connect-timeout 5 -m 6 "http://$1:$2/")
      case $when in *[1-9]*) return 0 ;; *) return 1 ;; esac
      ;;
    python3) python3 -c 'import socket, sys
socket.create_connection((sys.argv[1], int(sys.argv[2])), 5)' "$1" "$2" ;;
    nc) limited 6 nc -z -w 5 "$1" "$2" || limited 6 nc -w 5 "$1" "$2" ;;
    bash) limited 6 bash -c "exec 4<>/dev/tcp/$1/$2" ;;
    openssl)
      case $(limited 6 openssl s_client -connect "$1:$2" 2>&1) in *CONNECTED*) return 0 ;; *) return 1 ;; esac
      ;;
  esac >/dev/null 2>&1 </dev/null
}

# endpoint KEY HOST PORT...: the name is private, and one of the ports answers.
endpoint() {
  key=$1
  host=$2
  shift 2
  is_private "$key" "$host" || return
  if [ $# -gt 0 ] && [ -z "$opener" ]; then
    skips "$key: $host: none of curl, python3, nc, bash and openssl is here to open port $*"
    return
  fi
  open=''
  closed=''
  for port in "$@"; do
    if opens "$host" "$port"; then open="$open $port"; else closed="$closed $port"; fi
  done
  if [ -n "$open" ]; then
    passes "$key: $host answers on port$open${closed:+, and not on$closed}"
  elif [ -n "$closed" ]; then
    fails "$key: $host does not answer on port$closed: see the security groups of the endpoint and of this machine"
  fi
}

# What an HTTPS server answers to HEAD: a status, nothing, or "lacks" where the tool can't speak HTTPS.
status_of() {
  case $fetcher in
    curl)
      status=$(curl -s -I -o /dev/null -w '%{http_code}' --noproxy '*' --connect-timeout 5 -m 10 "https://$1/")
      [ "$status" = 000 ] || printf '%s' "$status"
      ;;
    python3) python3 -c 'import http.client, sys
server = http.client.HTTPSConnection(sys.argv[1], timeout=10)
server.request("HEAD", "/")
print(server.getresponse().status)' "$1" ;;
    wget) in_answer "$(limited 15 wget -S --spider -T 10 "https://$1/" 2>&1)" ;;
    openssl)
      in_answer "$(printf 'HEAD / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "$1" |
        limited 10 openssl s_client -quiet -verify_return_error -servername "$1" -connect "$1:443" 2>&1)"
      ;;
  esac 2>/dev/null </dev/null
}

# The status in what a tool printed.
in_answer() {
  case $1 in
    *HTTP/[12]*)
      rest=${1#*HTTP/[12]}
      rest=${rest#* }
      printf '%.3s' "$rest"
      ;;
    *'not an http'* | *'HTTPS support not compiled'*) printf lacks ;;
  esac
}

# fetched KEY HOST WHAT: an HTTPS server answers, whatever it answers: that is the way there; 403 says so as well.
fetched() {
  if [ -z "$fetcher" ]; then
    skips "$1: $2: none of curl, python3, wget and openssl is here to fetch it"
    return
  fi
  status=$(status_of "$2")
  case $status in
    lacks) skips "$1: $2: this $fetcher speaks no HTTPS, and none of curl and python3 is here" ;;
    [1-5][0-9][0-9]) passes "$1: $2 answers with HTTP $status: $3" ;;
    *) fails "$1: $2 does not answer to HTTPS: $3; see the route tables, and the rules out of the security groups here" ;;
  esac
}

main() {
  unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY
  resolver=$(first_of getent python3 nslookup)
  opener=$(first_of curl python3 nc bash openssl)
  fetcher=$(first_of curl python3 wget openssl)

@CHECKS@

  printf '\n%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
  [ "$failed" -eq 0 ]
  exit
}

main
