"""Names of programs that are recognised where a wrapper's options could not be read, so that no spawn is lost.

Must not be here: what any of them does.
"""

from spawngate.launch.argv import word_set

PROGRAMS = word_set(
    """
    sh bash dash zsh ksh ash fish csh tcsh mksh rbash busybox toybox pwsh powershell cmd
    python perl ruby node nodejs php lua luajit deno bun tsx java osascript rscript julia tclsh awk gawk mawk nawk sed
    sudo doas su runuser pkexec env nice nohup setsid timeout stdbuf time xargs parallel find fd watch flock script
    chroot unshare nsenter setpriv systemd-run tmux screen strace ltrace gdb exec command eval
    rm rmdir mv cp ln dd shred truncate tee cat tac head tail less more touch mkdir chmod chown chgrp chattr setfacl
    install ls stat du df mount umount mkfs fdisk parted wipefs mkswap swapoff blkdiscard sync losetup
    curl wget nc ncat netcat socat telnet ftp ssh scp sftp rsync ping dig nslookup host nmap tcpdump openssl gpg age
    base64 xxd od tar zip unzip gzip gunzip bzip2 xz 7z cpio
    git hg svn gh glab docker podman nerdctl kubectl helm terraform ansible aws gcloud az
    npm npx pnpm yarn pnpx bunx uv uvx pipx pip pip3 poetry cargo go make cmake ninja gradle mvn dotnet gem bundle
    apt apt-get dpkg yum dnf rpm apk pacman brew snap
    ps kill pkill killall systemctl service crontab at shutdown reboot halt poweroff init launchctl
    useradd usermod userdel groupadd passwd chpasswd visudo iptables ip ifconfig sysctl modprobe insmod rmmod
    echo printf test true false id whoami uname hostname date sleep sort uniq cut tr wc grep rg jq diff patch
    vim vi nvim nano emacs ed man sqlite3 psql mysql mongo redis-cli
    """
)
