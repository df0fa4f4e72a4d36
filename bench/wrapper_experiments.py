"""What wrappers really start: a harmless canary is offered to each in many forms and held against `unwrap`.

`python -m bench wrapper-experiments [OUTPUT.json] [--only PROGRAM]` runs every experiment whose program is there, each
in a folder of its own that is thrown away, and prints the agreements and, one by one, the exceptions. The canary is the
creation of an empty file named `canary`. Outcomes: `ran`, `inert` (the program ended well without it) and `refused` (it
ended badly). With OUTPUT.json the outcomes are written for tests/command/unwrap/test_experiments.py.
Exit code 1 where a canary ran that `unwrap` does not see: a wrapper that hides a spawn.
Must not be here: any wrapper's grammar, and anything that needs the network.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from spawngate.command.spawn import Word
from spawngate.command.unwrap.code import shell_outs
from spawngate.command.unwrap.table import unwrap
from spawngate.launch.argv import program

SECONDS = 20
WORDS = "touch canary"
LINE = "'touch canary'"
PYTHON = "'import os; os.system(\"touch canary\")'"
FORMS = """
sh -c % | bash -c % | dash -c % | bash -ec % | bash -ce % | bash -xec % n | bash -c -- % | bash -c -e % | bash +x -c %
bash -o pipefail -c % | bash -ceo pipefail % | bash --norc -c % | bash -norc -c % | bash --rcfile f -c % | bash -O extglob -c %
bash --login -c % | bash -n -c % | bash -c % a b | bash -c '"$@"' n @ | bash -s < % | bash < % | bash - < % | bash /dev/stdin < %
bash /proc/self/fd/0 < % | sh -s a < % | dash -s < % | bash -i < % | bash -cn % | bash -lc % | sh -lc % | bash --weird -c %
zsh -c % | zsh -ec % | zsh -oextendedglob -c % | zsh -o extendedglob -c % | zsh -fc % | zsh < % | zsh -b -c % | ksh93 -c % | ksh93 < %
mksh -c % | mksh -ec % | fish -c % | fish --command=% | fish -ic % | fish -c true -c % | fish -C % -c true | fish < % | tcsh -c % | tcsh -fc %
rbash -c % | busybox sh -c % | busybox @ | busybox ash -c % | busybox timeout 5 @ | busybox nice @ | busybox env @ | busybox xargs touch < canary
busybox find . -maxdepth 0 -exec @ ; | busybox awk 'BEGIN{system("touch canary")}' | busybox --list | busybox time @
sudo -n @ | sudo -u root @ | sudo -uroot @ | sudo --user=root @ | sudo --us=root @ | sudo -nu root @ | sudo A=1 @ | sudo A=1 -n @
sudo -E -H @ | sudo -- @ | sudo -s @ | sudo -i true | sudo -s < % | sudo -D / true | sudo -l | sudo -k | sudo -k @ | sudo -v | sudo -K
sudo -n -p x @ | sudo -g root @ | sudo --preserve-env=A @ | sudo -T 5 @ | sudo -b true | sudo -h x true | sudo --weird @ | doas @ | doas -u root @
su -c % | su root -c % | su - root -c true | su root -c % a | su -s /bin/sh -c % root | su root -s /bin/sh < % | su root -- -c % | su < %
su -mc % | su --command=% | su --comm % root | runuser -u root -- @ | runuser -u root @ | runuser -c % | runuser root -c % | runuser -l root -c true
runuser -u root -c % | sg root % | sg root -c % | setpriv --reuid=0 @ | setpriv --nnp @ | setpriv --reuid 0 --clear-groups @ | setpriv -d
chroot / touch /tmp/not-here | chroot --skip-chdir / @ | chroot --userspec=0:0 --skip-chdir / @ | unshare @ | unshare -m @ | unshare -fp @ | unshare --mount --fork @
unshare -m sh -c % | unshare -- @ | unshare -mw . @ | unshare < % | nsenter -t 1 -m true | nsenter -t 1 @ | nsenter --target=1 @ | capsh -- -c % | gosu root @
gosu root sh -c % | firejail --noprofile --quiet @
env @ | env A=1 @ | env -i PATH=/usr/bin:/bin @ | env - PATH=/usr/bin:/bin @ | env -u A @ | env -uA @ | env --unset=A @ | env -C . @ | env --chdir=. @
env -S % | env -S% | env -vS % | env -iS 'PATH=/usr/bin touch canary' | env --split-string=% | env --split-string % | env --split % | env -S 'touch' canary
env -S 'A=1 touch canary' | env -S 'A=1 -i touch canary' | env -S '-u A touch canary' | env -S 'touch "canary"' | env -S "touch 'canary'" | env -S 'touch\\_canary'
env -S 'touch can\\ary' | env -S 'touch canary\\cx' | env -S 'touch canary #x' | env -S 'sh -c "touch canary"' | env -S '-S "touch canary"' | env -u A -S % | env -0 @
env -a x @ | env -- @ | env --ignore-environment /usr/bin/touch canary | env -SA=1 @ | env -iu A /usr/bin/touch canary | env -i -- /usr/bin/touch canary | env --block-signal @
nice @ | nice -n 5 @ | nice -n5 @ | nice -5 @ | nice --adjustment=5 @ | nice --adj 5 @ | nice -- @ | ionice @ | ionice -c 3 @ | ionice -c3 @ | ionice -t -c 2 -n 0 @
ionice --class=3 @ | ionice -p 1 | nohup @ | nohup -- @ | nohup sh -c % | setsid @ | setsid -w @ | setsid -f true | setsid --wait @ | timeout 5 @ | timeout -k 1 5 @
timeout -k1 5 @ | timeout -s KILL 5 @ | timeout --signal=KILL 5 @ | timeout --foreground 5 @ | timeout -v 5 @ | timeout -- 5 @ | timeout 5 sh -c % | timeout 5 -- @
stdbuf -oL @ | stdbuf -o L @ | stdbuf --output=L @ | stdbuf -i0 -o0 -e0 @ | stdbuf --out=L @ | time @ | chrt -o 0 @ | chrt -i 0 @ | chrt --idle 0 @ | chrt -b 0 @
taskset 1 @ | taskset -c 0 @ | taskset --cpu-list 0 @ | taskset -p 1 | prlimit @ | prlimit --nofile=100 @ | prlimit -n100 @ | prlimit --cpu=10:20 @
numactl @ | numactl -C 0 @ | setarch -R @ | setarch x86_64 -R @ | setarch x86_64 @ | linux64 @ | linux32 -R @ | setarch --uname-2.6 @ | cpulimit -l 50 @ | cpulimit -l 50 -- @
flock lock @ | flock -n lock @ | flock -w 5 lock @ | flock lock -c % | flock -n lock -c % | flock lock --command % | flock -E 5 lock sh -c % | flock -o lock @ | flock --timeout 5 lock @
flock lock -- @ | flock -c % lock | script -qc % /dev/null | script -qec % /dev/null | script -q -c % | script --command % | script --command=% /dev/null | script /dev/null -c %
script -qc% /dev/null | script -q /dev/null touch canary | strace @ | strace -f @ | strace -o log @ | strace -olog @ | strace -e trace=open @ | strace -ff -o log @ | strace -E A=1 @
strace -qq -s 10 @ | strace --output=log @ | strace -c @ | ltrace @ | valgrind -q @ | valgrind --tool=none @ | perf stat @ | perf record -o out @
unbuffer @ | unbuffer -p @ | faketime yesterday @ | faketime -f @0 @ | expect -c 'spawn touch canary; expect eof' | expect -c 'exec touch canary' | expect -c 'system touch canary' | expect - < 'exec touch canary'
expect -c 'spawn sh -c {touch canary}; expect eof' | dbus-run-session -- @ | dbus-run-session @ | eatmydata @ | eatmydata -- @ | fakeroot @ | fakeroot -- @ | fakeroot -u @ | proot @
proot -r / @ | proot -w . @ | proot -0 @ | bwrap --dev-bind / / @ | bwrap --bind / / --dev /dev -- @ | bwrap --bind / / --setenv A 1 --chdir . @ | proxychains4 -q @ | proxychains4 @ | torsocks -i @ | torsocks @
envdir dir @ | setuidgid root @ | softlimit -m 900000000 @ | setlock -n lock @ | chpst @ | chpst -u root @ | pgrphack @ | dumb-init @ | dumb-init -- @ | dumb-init -v @ | tini -s @ | tini -s -- @
chronic @ | ifne touch canary < x | ifne -n touch canary | ts < x | logsave log @ | logsave -a log @ | rlwrap @ | daemonize /usr/bin/touch canary | daemonize -c . /usr/bin/touch canary | sshpass -p x @ | sshpass -px @
hyperfine -N -r 2 -w 0 % | hyperfine -r 2 % | hyperfine -r 2 --prepare % true | hyperfine -r 2 -s % true | start-stop-daemon --start --exec /usr/bin/touch -- canary | start-stop-daemon -S -x /usr/bin/touch -- canary
/lib64/ld-linux-x86-64.so.2 /usr/bin/touch canary | /lib64/ld-linux-x86-64.so.2 --list /usr/bin/touch | /lib64/ld-linux-x86-64.so.2 --argv0 x /usr/bin/touch canary | xvfb-run @
watch -n 1 -g % | watch -t -n 1 -e sh -c % | timeout 2 watch % | timeout 2 watch -x @ | timeout 2 watch -n1 -d touch canary | timeout 2 watch -n 1 -x sh -c %
tmux -f /dev/null new-session -d % | tmux -L x new -d @ | tmux -c % | screen -dmS x @ | screen -d -m @ | timeout 2 tmux -L y new-session -d -s z ; | entr -nz @ < Makefile | entr -nzs % < Makefile | entr -nz touch canary /_ < Makefile
xargs touch < canary | xargs -n1 touch < canary | xargs -n 1 -P 2 touch < canary | xargs -I{} touch {} < canary | xargs -I {} touch {} < canary | xargs -i touch {} < canary | xargs --replace touch {} < canary | xargs -IX touch X < canary
xargs -I{} sh -c 'touch {}' < canary | xargs -I{} {} canary < touch | xargs sh -c 'touch "$@"' _ < canary | xargs -d '\\n' touch < canary | xargs -0 touch < canary | xargs -L1 touch < canary | xargs -l touch < canary | xargs --max-args=1 touch < canary
xargs -a list touch | xargs --arg-file=list touch | xargs -r touch canary | xargs -r touch < canary | xargs @ < x | xargs -e touch < canary | xargs -E x touch < canary | xargs -s 100 touch < canary | xargs -t touch < canary | xargs -- touch < canary | xargs -0I{} touch {} < canary
find . -maxdepth 0 -exec @ ; | find . -maxdepth 0 -execdir @ ; | find . -maxdepth 0 -exec touch canary {} + | find . -maxdepth 0 -ok @ ; < y | find . -name none -exec @ ; | find . -maxdepth 0 -exec sh -c % ; | find . -maxdepth 0 -exec echo + ; -exec @ ;
find . -maxdepth 0 -exec false ; -o -exec @ ; | find . -maxdepth 0 -exec @ {} ; -delete | fdfind -d 1 -x @ | fdfind -x @ ; | fdfind Makefile -X @ | fdfind --exec=touch Makefile | fdfind -Hx @ | fdfind Makefile -xtouch | fdfind -e go -x touch canary | fdfind Makefile --exec-batch @
parallel touch ::: canary | parallel touch {} ::: canary | parallel ::: % | parallel 'touch {}; true' ::: canary | parallel -j1 touch ::: canary | parallel -j 1 touch ::: canary | parallel --jobs=1 touch ::: canary | parallel -k touch ::: canary | parallel touch < canary
parallel < % | parallel {1} {2} ::: touch ::: canary | parallel -I,, touch ,, ::: canary | parallel -q touch {} ::: canary | parallel -N1 touch ::: canary | parallel --pipe % < x | parallel touch can{} ::: ary | parallel touch {.} ::: canary.x | parallel touch {/} ::: a/canary | parallel -a list touch | parallel touch :::: list
parallel --dry-run touch ::: canary | sem @ | sem --fg @ | parallel -m touch ::: canary | parallel -X touch ::: canary | parallel --bar touch ::: canary | parallel --will-cite touch ::: canary
git -c alias.x='!touch canary' x | git -c alias.x='!touch' x canary | git -c alias.x='!f() { touch "$1"; }; f' x canary | git -c alias.x='-c alias.y=!touch\\ canary y' x | git -c alias.x='!touch canary' --version | git -c core.pager=% -p log | git -c core.pager=% log
git -c core.fsmonitor=% -C repository status | git -C repository -c core.fsmonitor=% status | git -c core.sshCommand='touch canary #' ls-remote ssh://localhost.invalid/x | git ls-remote --upload-pack='touch canary #' ./repository | git ls-remote --upload-pack 'touch canary #' ./repository | git ls-remote --exec='touch canary #' ./repository
git clone -u 'touch canary #' ./repository new | git clone -u'touch canary #' ./repository new | git clone --upload-pa='touch canary #' ./repository new | git -c protocol.ext.allow=always ls-remote 'ext::touch canary' | git -c protocol.ext.allow=always clone 'ext::sh -c touch% canary' new | git ls-remote 'ext::touch canary'
git clone -c core.sshCommand='touch canary #' ssh://localhost.invalid/x new | git -C repository bisect run touch canary | git -C repository rebase -x % HEAD | git -C repository rebase --exec=% HEAD~0 | git -C repository submodule foreach % | git -C repository filter-branch -f --tree-filter % HEAD | git -C repository -c diff.external=% diff --ext-diff HEAD~0 HEAD
git -C repository difftool -y -x 'touch canary #' HEAD~1 | git -C repository difftool --extcmd='touch canary #' -y HEAD~1 | git -C repository grep -O'touch canary #' one | git -C repository grep --open-files-in-pager='touch canary #' one | git -C repository -c sequence.editor='touch canary #' rebase -i HEAD~1 | git -C repository -c core.editor='touch canary #' commit --allow-empty
git -C repository push --receive-pack='touch canary #' ../repository | git -C repository archive --remote=../repository --exec='touch canary #' HEAD | git -c credential.helper='!touch canary' credential fill < protocol=https\\nhost=x\\n\\n | git config --file cfg alias.x '!touch canary' | git -C repository -c gpg.program=./canary.sh commit -S --allow-empty -m x | git -C repository for-each-repo --config=x status
tar -cf x.tar --checkpoint=1 --checkpoint-action=exec=% big | tar cf x.tar --checkpoint=1 --checkpoint-action=exec=% big | tar -cf x.tar --checkpoint=1 --checkpoint-act=exec=% big | tar -cf x.tar --checkpoint=1 --checkpoint-action exec=% big | tar -cf x.tar --checkpoint=1 --checkpoint-action=dot big
tar -cf x.tar -I ./canary.sh big | tar -cf x.tar -I./canary.sh big | tar cIf ./canary.sh x.tar big | tar --use-compress-program=./canary.sh -cf x.tar big | tar --use-comp ./canary.sh -cf x.tar big | tar -cIf ./canary.sh x.tar big | tar -cvI ./canary.sh -f x.tar big | tar -xf old.tar --to-command=% | tar xf old.tar --to-command % | tar -cf x.tar -F ./canary.sh -L 1 -M big
tar -cf localhost:x --rsh-command=./canary.sh big | tar -cf localhost:x --force-local --rsh-command=./canary.sh big | tar -cf x.tar big | zip -q x.zip Makefile -T -TT 'touch canary #' | zip -q x.zip Makefile -T --unzip-command='touch canary #' | zip -q x.zip Makefile | sort --compress-program=./canary.sh -S 1k big | sort -S 1k --compress-prog ./canary.sh big
split --filter=% Makefile | split --filter % Makefile | split -l 1 --filter=% Makefile | rg --pre ./canary.sh one Makefile | rg --pre=./canary.sh one Makefile | rsync -e ./canary.sh localhost:x y | rsync -ae ./canary.sh localhost:x y | rsync --rsh=./canary.sh localhost:x y | rsync -e ./canary.sh Makefile y | rsync -aze./canary.sh localhost:x y | rsync --rsh './canary.sh -x' localhost:x y
ssh -o ProxyCommand=% localhost.invalid | ssh -oProxyCommand=% localhost.invalid x | ssh -o 'proxycommand touch canary' localhost.invalid | ssh -o ProxyCommand=none localhost.invalid | ssh -o KnownHostsCommand=% localhost.invalid | scp -S ./canary.sh x localhost:y | scp -o ProxyCommand=% x localhost.invalid:y | sftp -S ./canary.sh localhost | sftp -D ./canary.sh | sftp -o ProxyCommand=% localhost.invalid
nc.openbsd -h | ncat -c % localhost 1 | ncat --sh-exec % -l 127.0.0.1 1 | socat -u /dev/null SYSTEM:% | socat -u /dev/null 'EXEC:touch canary' | socat /dev/null EXEC:'touch canary',nofork | socat -u /dev/null 'SHELL:touch canary'
make canary | make -s canary | make SHELL=./canary.sh other | make --eval='$(shell touch canary)' other | make --eval '$(shell touch canary)' other | make 'X=$(shell touch canary)' other | make -f - < x:;touch\\ canary | make -f - x < x:\\n\\ttouch canary | make -n canary | make -C . canary | make other | make 'X!=touch canary' other | make -E '$(shell touch canary)' other
npm exec -c % | npm exec --call=% | npx -c % | npx --call % | npm run canary | npm run -s canary | npm test | npm start | npm run other | npm --script-shell=./canary.sh run other | npm x -c % | npm exec -- sh -c true | npm -C . run canary | npx --yes -c %
go run canary.go | go run -exec ./canary.sh other.go | go vet -vettool=./canary.sh other.go | go build -toolexec ./canary.sh other.go | gcc -wrapper ./canary.sh,x -c other.c | gcc -c other.c
awk 'BEGIN{system("touch canary")}' | awk 'BEGIN{"touch canary" | getline}' | awk 'BEGIN{print | "touch canary"}' | awk 'BEGIN{c="touch";system(c " canary")}' | awk -v x=1 'BEGIN{system("touch canary")}' | awk -vx=1 'BEGIN{system("touch canary")}' | awk -F : 'BEGIN{system("touch canary")}' | awk -- 'BEGIN{system("touch canary")}' | awk 'BEGIN{print "touch canary"}'
gawk 'BEGIN{"touch canary" |& getline}' | gawk -e 'BEGIN{system("touch canary")}' | gawk --source='BEGIN{system("touch canary")}' | gawk --sandbox 'BEGIN{system("touch canary")}' | mawk 'BEGIN{system("touch canary")}' | sed '1e touch canary' Makefile | sed -n '1e touch canary' Makefile | sed 's/.*/touch canary/e' Makefile | sed -n '1{s/.*/touch canary/e}' Makefile
sed -e 1b -e '2e touch canary' Makefile | sed --expression='1e touch canary' Makefile | sed --sandbox '1e touch canary' Makefile | sed 's/a/touch canary/' Makefile | sed '1!e touch canary' Makefile | sed '/canary/{h;e touch canary' Makefile | sed 's,.*,touch canary,e' Makefile | sed -s '1s/^.*$/touch canary/ge' Makefile | sed '1a e touch canary' Makefile | sed Makefile -e '1e touch canary'
perl -e 'system("touch canary")' | perl -e 'system "touch canary"' | perl -e 'system("touch","canary")' | perl -e '`touch canary`' | perl -e 'exec qw(touch canary)' | perl -e 'open F,"touch canary|"' | perl -e 'open(F,"-|","touch canary")' | perl -ne 'system("touch canary")' Makefile | perl -E 'qx{touch canary}' | perl -we 'system("touch canary")' | perl -Mstrict -e 'system("touch canary")'
perl '-Mstrict;system("touch canary")' -e 1 | perl -0777ne 'system("touch canary")' Makefile | perl -lane 'system("touch canary")' Makefile | perl -pi.bak -e 'system("touch canary")' Makefile | perl < 'system("touch canary")' | perl - < 'system("touch canary")' | perl -e 'print "touch canary"' | perl -e 'system' -e '("touch canary")' | perl -c -e 'system("touch canary")' | perl -CSe 'system("touch canary")' | perl -e 'eval q(system("touch canary"))'
ruby3.1 -e 'system("touch canary")' | ruby3.1 -e '`touch canary`' | ruby3.1 -e '%x(touch canary)' | ruby3.1 -e 'system "touch", "canary"' | ruby3.1 -e 'IO.popen("touch canary").read' | ruby3.1 -ne 'system("touch canary")' Makefile | ruby3.1 -e 'exec "touch canary"' | ruby3.1 < 'system("touch canary")' | ruby3.1 -e 'spawn("touch canary"); Process.wait' | ruby3.1 -we 'system("touch canary")'
php8.2 -r 'system("touch canary");' | php8.2 -r '`touch canary`;' | php8.2 -r 'exec("touch canary");' | php8.2 -r 'shell_exec("touch canary");' | php8.2 -r 'passthru("touch canary");' | php8.2 -r 'pclose(popen("touch canary","r"));' | php8.2 -r '$f="system";$f("touch canary");' | php8.2 --run 'system("touch canary");' | php8.2 -n -r 'system("touch canary");' | php8.2 -B 'system("touch canary");' -R '' < x | php8.2 -r 'eval(base64_decode("c3lzdGVtKCd0b3VjaCBjYW5hcnknKTs="));' | php8.2 < '<?php system("touch canary");'
lua5.4 -e 'os.execute("touch canary")' | lua5.4 -e 'io.popen("touch canary"):close()' | lua5.4 -e'os.execute("touch canary")' | lua5.4 - < 'os.execute("touch canary")' | lua5.4 -e 'os.execute[[touch canary]]' | tclsh < 'exec touch canary' | guile -c '(system "touch canary")' | guile -c '(system* "touch" "canary")'
node -e 'require("child_process").execSync("touch canary")' | node -p 'require("child_process").execSync("touch canary")' | node -pe 'require("child_process").execSync("touch canary")' | node --eval='require("child_process").execSync("touch canary")' | node -e 'require("child_process").spawnSync("touch",["canary"])' | node -e 'require("child_process").execFileSync("touch",["canary"])'
node -e 'require("child_process").spawnSync("touch canary",{shell:true})' | node -e 'const {exec:e}=require("child_process");e("touch canary")' | node -e 'eval("require(\\"child_process\\").execSync(\\"touch canary\\")")' | node -e 'require("child_process").execSync(Buffer.from("dG91Y2ggY2FuYXJ5","base64").toString())' | node -e 'process.mainModule' | node < 'require("child_process").execSync("touch canary")' | node - < 'require("child_process").execSync("touch canary")'
node --import 'data:text/javascript,import{execSync}from"child_process";execSync("touch canary")' -e 1 | node --input-type=module -e 'import{execSync}from"child_process";execSync("touch canary")' | node -r ./canary.cjs -e 1 | node --run canary | node -e 'console.log("touch canary")' | node -e 'new Function("p","p.mainModule")(process)'
python3 -c P | python3 -uc P | python3 -IBc P | python3 -W ignore -c P | python3 -Wignore -c P | python3 -X dev -c P | python3 - < Q | python3 < Q | python3 /dev/stdin < Q | python3 -m timeit -n 1 -r 1 P | python3 -m timeit -n1 -r1 -s P 1 | python3 -m pdb -c P -c c canary.py | python3 -c 'import subprocess as s; s.run(["touch","canary"])' | python3 -c 'import subprocess; subprocess.run("touch canary",shell=True)'
python3 -c 'exec("import os; os.system(\\"touch canary\\")")' | python3 -c '__import__("os").system("touch canary")' | python3 -c 'import os; getattr(os,"sys"+"tem")("touch canary")' | python3 -c 'import os,base64; os.system(base64.b64decode("dG91Y2ggY2FuYXJ5").decode())' | python3 -c 'import os; os.execlp("touch","touch","canary")' | python3 -c 'import pty; pty.spawn(["touch","canary"])' | python3 -c 'print("touch canary")' | python3 -m pip --version | python3 -c 'import os; os.popen("touch canary").read()'
python3 -c 'from os import *; system("touch canary")' | python3 -c 'import subprocess; subprocess.getoutput("touch canary")' | python3 -c 'import asyncio; asyncio.run(asyncio.create_subprocess_shell("touch canary")); import time; time.sleep(1)' | python3 -c 'import os; os.posix_spawn("/usr/bin/touch",["touch","canary"],os.environ); os.wait()'
vim -es -c '!touch canary' -c q! | vim -es +'!touch canary' +q! | vim -es -c 'silent !touch canary' -c q! | vim -es -c 'call system("touch canary")' -c q! | vim -es --cmd '!touch canary' -c q! | vim -es -c 'r !touch canary' -c q! | vim -es -c 'exe "!touch canary"' -c q! | vim -es < '!touch canary' | vim -es -c '%!touch canary' -c q! Makefile | vim -es -c 'w !touch canary' -c q! Makefile | ex -s < '!touch canary' | vim -es -c 'py3 import os; os.system("touch canary")' -c q! | vim -es -c 'echo 1' -c q!
vim -es -c ':sil!!touch canary' -c q! | ed -s < '!touch canary' | ed '!touch canary' < q | ed -s Makefile < 'r !touch canary' | emacs --batch --eval '(shell-command "touch canary")' | emacs -Q --batch -eval '(call-process "touch" nil nil nil "canary")' | less -E +'!touch canary' Makefile | man -P 'touch canary #' ls | man --pager='touch canary #' ls | nano -s % Makefile | gdb -batch -ex '!touch canary' | gdb -batch -ex 'shell touch canary' | gdb -batch --eval-command='shell touch canary' | gdb -nx -batch -iex 'shell touch canary'
gdb -batch -ex 'python import os; os.system("touch canary")' | gdb -batch -ex run --args touch canary | gdb -batch --args touch canary | gdb -batch -ex 'pipe help | touch canary' | gdb -batch -ex 'make canary' | sqlite3 :memory: '.shell touch canary' | sqlite3 :memory: '.system touch canary' | sqlite3 -cmd '.shell touch canary' :memory: 'select 1' | sqlite3 :memory: < '.shell touch canary' | sqlite3 :memory: '.once |touch canary' 'select 1' | sqlite3 :memory: ".output '|touch canary'" | sqlite3 :memory: 'select 1' | sqlite3 -safe :memory: '.shell touch canary'
psql -c '\\! touch canary' | psql postgres://localhost:1/x -c '\\! touch canary' | dc -e '!touch canary' | dc < '!touch canary' | bash -c 'trap "touch canary" EXIT' | bash -c 'eval touch canary' | bash -c 'command touch canary' | bash -c 'builtin eval touch canary' | bash -c 'exec touch canary' | bash -c 'exec -a x touch canary' | bash -c 'coproc touch canary; wait' | bash -c '. /dev/stdin' < % | bash -c 'source /dev/stdin' < %
nice --10 @ | nice --5 @ | choom -n 0 @ | choom -n 0 -- @ | choom -p 1 | pee % < x | mispipe % true | mispipe true % | m4 < 'esyscmd(touch canary)' | m4 -Dx='syscmd(touch canary)' Makefile | ltrace -L @
bash -norc -c % | bash -noprofile -c % | node -r ./canary.cjs -e 1 | node -e 1 -r ./canary.cjs | vim -es -c 'shell' -c q! < y | vim -es -c ':w! out' -c q! Makefile | sysctl -n kernel.ostype | service ../../bin/true | xdg-user-dir '}; touch canary #' | git --exec-path=. x | script -qc 'sh -c "touch canary"' /dev/null
openssl version | ssh-keygen -D ./canary.so | dpkg --pre-invoke=% --version | dpkg --pre-invoke=% -i none.deb | apt-get -o APT::Update::Pre-Invoke::=% update --print-uris | rpm --eval '%(touch canary)' | pip download --no-deps --no-build-isolation ./package | cmake -E env A=1 touch canary | cmake -E time touch canary | ccache @ | systemd-run --user --scope @ | systemd-inhibit @ | systemd-cat @
"""  # noqa: E501  one form after another is easier to read and to extend than one a line
"""Forms, parted by ` | ` and lines. `@` stands for the words of the canary, `%` for its line, `P` and `Q` for Python
code as a word and as input; what stands behind ` < ` is standard input."""

FILES = {
    "canary.sh": "#!/bin/sh\ntouch canary\n",
    "canary.cjs": "require('child_process').execSync('touch canary')\n",
    "canary.py": "x = 1\n",
    "canary.go": 'package main\nimport "os/exec"\nfunc main() { exec.Command("touch", "canary").Run() }\n',
    "other.go": "package main\nfunc main() {}\n",
    "other.c": "int x;\n",
    "list": "canary\n",
    "big": "line\n" * 40_000,
    "dir/A": "1\n",
    "Makefile": "canary:\n\t@touch canary\nother:\n\t@true\n.PHONY: canary other\n",
    "package.json": json.dumps(
        {"name": "p", "scripts": {"canary": WORDS, "test": WORDS, "start": WORDS, "other": "true"}}
    ),
}


@dataclass(frozen=True, slots=True)
class Experiment:
    """One command line."""

    words: tuple[str, ...]
    stdin: str = ""


def experiments() -> Iterator[Experiment]:
    """All experiments, in order."""
    for line in FORMS.strip().splitlines():
        for form in _forms(line):
            before, _, stdin = form.partition(" < ")
            if not _closed(before):
                before, stdin = form, ""
            words: list[str] = []
            for word in shlex.split(before.replace("\\_", "\0")):
                plain = word.replace("\0", "\\_")
                if plain == "@":
                    words += WORDS.split()
                elif plain == "P":
                    words += shlex.split(PYTHON)
                elif plain.endswith("%") and plain.strip("%") == plain[:-1] and not plain.startswith("%"):
                    words.append(plain[:-1] + WORDS)
                else:
                    words.append(WORDS if plain == "%" else plain)
            given = {"%": WORDS, "Q": shlex.split(PYTHON)[0]}.get(
                stdin, stdin.replace("\\n", "\n").replace("\\t", "\t")
            )
            if given[:1] in "'\"" and given:
                given = shlex.split(given)[0]
            yield Experiment(tuple(words), given + "\n" if given else "")


def _forms(line: str) -> Iterator[str]:
    """The forms of a line; a bar in quotes parts nothing."""
    held = ""
    for part in line.split(" | "):
        held = f"{held} | {part}" if held else part
        if _closed(held):
            yield held.strip()
            held = ""


def _closed(text: str) -> bool:
    try:
        shlex.split(text)
    except ValueError:
        return False
    return True


def prepare(folder: Path) -> None:
    """Write the files that the experiments name."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        if text.startswith("#!"):
            path.chmod(0o755)
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.invalid"]
    subprocess.run(["git", "init", "-q", "repository"], cwd=folder, check=True, capture_output=True)
    for text in ("one\n", "one\ntwo\n"):
        (folder / "repository" / "file").write_text(text, encoding="utf-8")
        subprocess.run(["git", "add", "file"], cwd=folder / "repository", check=True, capture_output=True)
        subprocess.run([*git, "commit", "-qm", "x"], cwd=folder / "repository", check=True, capture_output=True)
    subprocess.run(["tar", "-cf", "old.tar", "Makefile"], cwd=folder, check=True, capture_output=True)


def run(experiment: Experiment) -> str | None:
    """One experiment; None where its program is not there."""
    if shutil.which(experiment.words[0]) is None:
        return None
    with tempfile.TemporaryDirectory(prefix="wrapper-") as name:
        folder = Path(name)
        prepare(folder)
        env = {key: os.environ[key] for key in ("LANG", "PATH", "RUSTUP_HOME", "CARGO_HOME") if key in os.environ}
        env |= {"HOME": name, "TERM": "xterm", "GOTOOLCHAIN": "local", "GOPROXY": "off", "GOFLAGS": "-mod=mod"}
        env |= {"GOCACHE": str(Path(tempfile.gettempdir()) / "wrapper-experiments-go"), "SHELL": "/bin/sh"}
        env |= {"GIT_AUTHOR_NAME": "x", "GIT_AUTHOR_EMAIL": "x@example.invalid", "GIT_COMMITTER_NAME": "x"}
        env |= {
            "GIT_COMMITTER_EMAIL": "x@example.invalid",
            "npm_config_cache": str(folder / "npm"),
            "GO111MODULE": "off",
        }
        try:
            done = subprocess.run(
                experiment.words,
                cwd=folder,
                env=env,
                input=experiment.stdin.encode(),
                capture_output=True,
                timeout=SECONDS,
            )
            status = done.returncode
        except subprocess.TimeoutExpired:
            status = 124
        except OSError:
            return None
        for _ in range(10):
            if (folder / "canary").exists() or (folder / "repository" / "canary").exists():
                return "ran"
            # What a wrapper leaves in the background may need a moment.
            subprocess.run(["sleep", "0.05"], check=False)
        return "inert" if status == 0 else "refused"


def sees(words: Sequence[str], stdin: str, depth: int = 0) -> bool:
    """Whether `unwrap`, applied to what it gives until nothing is left, comes to the canary or names what holds it."""
    if depth > 8 or not words:
        return False
    name = program(words[0])
    if name in ("touch", "canary.sh"):
        return True
    found = unwrap(tuple(Word(word) for word in words))
    for inner in found.inners if found is not None else ():
        texts = [word.text for word in inner.words]
        if "program" in inner.opaque and not inner.text:
            # A name that a file of the project defines, or a program that only the input tells.
            if "canary" in " ".join(texts) or texts[:1] in (["test"], ["start"], ["all"], ["x"]) or stdin:
                return True
        elif texts:
            if sees(texts, stdin, depth + 1):
                return True
        elif inner.text is not None:
            parameters = [word.text for word in inner.parameters]
            if _in_text(inner.text, parameters, stdin, depth):
                return True
        elif inner.reads_input and stdin:
            if inner.language and any(
                _in_text(other.text or shlex.join(word.text for word in other.words), [], "", depth)
                for other in shell_outs(stdin, inner.language)
            ):
                return True
            if not inner.language and _in_text(stdin, [], "", depth):
                return True
    return False


def _in_text(text: str, parameters: Sequence[str], stdin: str, depth: int) -> bool:
    """A text of a shell, as simple as those of the experiments: commands one after the other."""
    for part in text.replace("\n", ";").replace("{", ";").replace("||", ";").split(";"):
        try:
            words = shlex.split(part, comments=True)
        except ValueError:
            words = part.split()
        while words and "=" in words[0]:
            words = words[1:]
        if '"$@"' in part or words[:1] == ["$@"]:
            words = [word for word in words if word != "$@"] + list(parameters[1:])
        if words and sees(words, stdin, depth + 1):
            return True
    return False


def main(arguments: Sequence[str]) -> int:
    """Run all experiments, print what does not agree, and write the outcomes where a file is named."""
    rest = list(arguments)
    only = ""
    if "--only" in rest:
        at = rest.index("--only")
        only = rest[at + 1] if at + 1 < len(rest) else ""
        del rest[at : at + 2]
    records = []
    missing: dict[str, int] = {}
    counts = {"agree": 0, "hidden": 0, "more": 0}
    for experiment in experiments():
        if only and experiment.words[0] != only:
            continue
        outcome = run(experiment)
        if outcome is None:
            missing[experiment.words[0]] = missing.get(experiment.words[0], 0) + 1
            continue
        seen = sees(experiment.words, experiment.stdin)
        records.append({"words": list(experiment.words), "stdin": experiment.stdin, "outcome": outcome})
        what = "agree" if seen == (outcome == "ran") else "hidden" if outcome == "ran" else "more"
        counts[what] += 1
        if what != "agree":
            print(
                f"{what:<8}{outcome:<9}{shlex.join(experiment.words)}"
                + (f" < {experiment.stdin!r}" if experiment.stdin else "")
            )
    print("  ".join(f"{what} {count}" for what, count in counts.items()))
    if missing:
        print("left out: " + ", ".join(f"{name} ({count})" for name, count in missing.items()))
    if rest:
        Path(rest[0]).write_text(json.dumps(records, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 1 if counts["hidden"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
