"""The table of places that are known by their paths, whatever agent is at work.

Belongs here: paths. `~/x` lies in a home, `/x` at the root, `x/y` anywhere; `*` stands for any letters of one name,
`**` for any
folders; `/` at the end means the folder and all below it.
Must not be here: agents' own files (`command.agent_places`), and matching (`command.places`).
Sources: the manual pages of ssh, gpg, aws, gcloud, kubectl, docker, npm, pip, cargo, gem, maven, gradle, git, bash,
zsh, fish,
crontab, systemd, launchd.plist; https://specifications.freedesktop.org/autostart-spec; learn.microsoft.com on start-up
folders and scheduled tasks; MITRE ATT&CK T1552, T1555, T1546, T1547, T1543, T1053.
"""

from collections.abc import Mapping

from spawngate.launch.argv import word_set


def _lines(text: str) -> tuple[str, ...]:
    """One template a line, because names may hold blanks."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


KNOWN: Mapping[str, tuple[str, ...]] = {
    "private-key": _lines(
        """
        ~/.ssh/id_*
        ~/.ssh/*.pem
        ~/.ssh/*_rsa
        ~/.ssh/*_ed25519
        ~/.ssh/*_ecdsa
        .ssh/id_rsa
        .ssh/id_ed25519
        .ssh/id_ecdsa
        .ssh/id_dsa
        id_rsa
        id_ed25519
        id_ecdsa
        id_dsa
        /etc/ssh/ssh_host_*_key
        /etc/ssl/private/
        /etc/letsencrypt/live/
        /etc/letsencrypt/archive/
        /etc/kubernetes/pki/
        *.ppk
        """
    ),
    "credentials": _lines(
        """
        ~/.ssh/
        ~/.gnupg/
        ~/.netrc
        ~/_netrc
        ~/.authinfo
        ~/.authinfo.gpg
        ~/.git-credentials
        ~/.config/git/credentials
        ~/.npmrc
        ~/.yarnrc.yml
        ~/.pypirc
        ~/.gem/credentials
        ~/.cargo/credentials
        ~/.cargo/credentials.toml
        ~/.m2/settings.xml
        ~/.m2/settings-security.xml
        ~/.gradle/gradle.properties
        ~/.nuget/NuGet/NuGet.Config
        ~/AppData/Roaming/NuGet/NuGet.Config
        ~/.composer/auth.json
        ~/.config/composer/auth.json
        ~/.config/gh/hosts.yml
        ~/AppData/Roaming/GitHub CLI/hosts.yml
        ~/.config/hub
        ~/.config/glab-cli/config.yml
        ~/.pgpass
        ~/.my.cnf
        ~/.mylogin.cnf
        ~/.mongorc.js
        ~/.s3cfg
        ~/.boto
        ~/.config/rclone/rclone.conf
        ~/.config/op/
        ~/.vault-token
        ~/.terraform.d/credentials.tfrc.json
        ~/.terraformrc
        ~/.config/heroku/
        ~/.config/doctl/config.yaml
        ~/.config/hcloud/cli.toml
        ~/.config/linode-cli
        ~/.fly/config.yml
        ~/.config/netlify/config.json
        ~/.netlify/config.json
        ~/.vercel/auth.json
        ~/.local/share/com.vercel.cli/auth.json
        ~/.config/stripe/config.toml
        ~/.config/ngrok/ngrok.yml
        ~/.ngrok2/ngrok.yml
        ~/.cloudflared/
        ~/.config/sops/age/keys.txt
        ~/.age/
        ~/.huggingface/token
        ~/.cache/huggingface/token
        ~/.cache/huggingface/stored_tokens
        ~/.kaggle/kaggle.json
        ~/.config/openai/
        ~/.openai/
        ~/.databrickscfg
        ~/.snowsql/config
        ~/.snowflake/connections.toml
        ~/.dbt/profiles.yml
        ~/.config/filezilla/
        ~/.config/remmina/
        ~/.local/share/remmina/
        ~/.purple/accounts.xml
        ~/.msmtprc
        ~/.mutt/
        ~/.fetchmailrc
        ~/.config/msmtp/config
        ~/.jupyter/jupyter_server_config.json
        ~/.subversion/auth/
        ~/.hgrc
        ~/.rhosts
        ~/.k5login
        ~/.google_authenticator
        ~/.config/containers/auth.json
        ~/.wireguard/
        ~/.config/wireguard/
        /etc/wireguard/
        /etc/openvpn/
        /etc/krb5.keytab
        /etc/ppp/chap-secrets
        /etc/NetworkManager/system-connections/
        /etc/wpa_supplicant/
        /Library/Preferences/SystemConfiguration/com.apple.airport.preferences.plist
        /run/secrets/
        /var/run/secrets/
        /etc/rancher/k3s/k3s.yaml
        /etc/kubernetes/admin.conf
        .git-credentials
        .netrc
        .pgpass
        .pypirc
        .htpasswd
        credentials.json
        client_secret*.json
        service-account*.json
        service_account*.json
        *-service-account.json
        secrets.json
        secrets.yml
        secrets.yaml
        secrets.toml
        secrets.env
        .secrets
        master.key
        config/credentials.yml.enc
        *.kdbx
        *.kdb
        *.jks
        *.keystore
        *.p12
        *.pfx
        *.p8
        *.ovpn
        *.pem
        *.key
        wallet.dat
        .vault-token
        .vault_pass
        vault_pass.txt
        terraform.tfstate
        .streamlit/secrets.toml
        wp-config.php
        .dockercfg
        unattend.xml
        sysprep.inf
        Groups.xml
        """
    ),
    "cloud-credentials": _lines(
        """
        ~/.aws/credentials
        ~/.aws/config
        ~/.aws/sso/cache/
        ~/.aws/cli/cache/
        ~/.aws/
        ~/.config/gcloud/
        ~/AppData/Roaming/gcloud/
        ~/.azure/
        ~/.kube/
        ~/.docker/config.json
        ~/.oci/
        ~/.bluemix/
        ~/.aliyun/
        ~/.tccli/
        ~/.digitalocean/
        ~/.config/scw/config.yaml
        ~/.pulumi/credentials.json
        ~/.config/argocd/config
        ~/.minikube/
        .aws/credentials
        .kube/config
        application_default_credentials.json
        kubeconfig
        *.kubeconfig
        """
    ),
    "browser-data": _lines(
        """
        ~/.mozilla/firefox/
        ~/.config/google-chrome/
        ~/.config/chromium/
        ~/.config/BraveSoftware/
        ~/.config/microsoft-edge/
        ~/.config/opera/
        ~/.config/vivaldi/
        ~/snap/firefox/
        ~/snap/chromium/
        ~/.var/app/org.mozilla.firefox/
        ~/.thunderbird/
        ~/Library/Application Support/Google/Chrome/
        ~/Library/Application Support/Firefox/
        ~/Library/Application Support/BraveSoftware/
        ~/Library/Application Support/Microsoft Edge/
        ~/Library/Application Support/Arc/
        ~/Library/Safari/
        ~/Library/Cookies/
        ~/Library/Messages/
        ~/Library/Mail/
        ~/AppData/Local/Google/Chrome/User Data/
        ~/AppData/Local/Microsoft/Edge/User Data/
        ~/AppData/Local/BraveSoftware/
        ~/AppData/Roaming/Mozilla/Firefox/
        ~/AppData/Roaming/Opera Software/
        ~/.config/Slack/
        ~/.config/discord/
        ~/.config/Signal/
        ~/Library/Application Support/Slack/
        ~/Library/Application Support/discord/
        ~/Library/Application Support/Signal/
        ~/AppData/Roaming/Slack/
        ~/AppData/Roaming/discord/
        ~/AppData/Roaming/Signal/
        ~/AppData/Roaming/Telegram Desktop/
        ~/.local/share/TelegramDesktop/
        Login Data
        Cookies
        cookies.sqlite
        logins.json
        key4.db
        Local State
        """
    ),
    "password-store": _lines(
        """
        ~/.password-store/
        ~/.local/share/keyrings/
        ~/.gnome2/keyrings/
        ~/.local/share/kwalletd/
        ~/.kde/share/apps/kwallet/
        ~/Library/Keychains/
        /Library/Keychains/
        ~/.config/keepassxc/
        ~/.config/KeePass/
        ~/.config/Bitwarden/
        ~/.config/Bitwarden CLI/
        ~/Library/Application Support/Bitwarden/
        ~/Library/Application Support/1Password/
        ~/AppData/Roaming/Bitwarden/
        ~/AppData/Local/1Password/
        ~/.1password/
        ~/.lastpass/
        ~/.electrum/
        ~/.bitcoin/
        ~/.ethereum/
        ~/.config/solana/
        ~/.config/Exodus/
        ~/Library/Application Support/Exodus/
        ~/AppData/Roaming/Exodus/
        ~/AppData/Roaming/Electrum/
        ~/AppData/Roaming/Bitcoin/
        ~/AppData/Roaming/Microsoft/Protect/
        ~/AppData/Roaming/Microsoft/Credentials/
        ~/AppData/Local/Microsoft/Credentials/
        ~/AppData/Roaming/Microsoft/Vault/
        ~/AppData/Local/Microsoft/Vault/
        /Windows/System32/config/SAM
        /Windows/System32/config/SYSTEM
        /Windows/System32/config/SECURITY
        /Windows/NTDS/
        ntds.dit
        """
    ),
    "env-file": _lines(
        """
        .env
        .env.local
        .env.prod
        .env.production
        .env.production.local
        .env.staging
        .env.dev
        .env.development
        .env.development.local
        .env.test.local
        .env.secret
        .env.secrets
        .env.vault
        .dev.vars
        prod.env
        production.env
        local.env
        """
    ),
    "authorized-keys": _lines(
        """
        .ssh/authorized_keys
        .ssh/authorized_keys2
        authorized_keys
        /etc/ssh/authorized_keys/
        /ProgramData/ssh/administrators_authorized_keys
        """
    ),
    "ssh-config": _lines(
        """
        ~/.ssh/config
        .ssh/config
        .ssh/config.d/
        /etc/ssh/
        /ProgramData/ssh/
        """
    ),
    "account-secrets": _lines(
        """
        /etc/shadow
        /etc/shadow-
        /etc/gshadow
        /etc/gshadow-
        /etc/master.passwd
        /private/etc/master.passwd
        /etc/sudoers
        /etc/sudoers.d/
        /private/etc/sudoers
        /var/db/dslocal/nodes/Default/users/
        /Windows/System32/config/SAM
        /Windows/System32/config/SYSTEM
        /Windows/System32/config/SECURITY
        /Windows/NTDS/
        ntds.dit
        """
    ),
    "accounts": _lines(
        """
        /etc/passwd
        /etc/passwd-
        /etc/shadow
        /etc/shadow-
        /etc/gshadow
        /etc/group
        /etc/sudoers
        /etc/sudoers.d/
        /etc/doas.conf
        /etc/pam.d/
        /etc/security/
        /etc/polkit-1/
        /etc/login.defs
        /etc/securetty
        /etc/master.passwd
        /private/etc/sudoers
        /private/etc/sudoers.d/
        /private/etc/master.passwd
        /var/db/dslocal/
        /usr/share/polkit-1/
        """
    ),
    "preload": _lines(
        """
        /etc/ld.so.preload
        /etc/ld.so.conf
        /etc/ld.so.conf.d/
        /etc/environment
        """
    ),
    "name-resolution": _lines(
        """
        /etc/hosts
        /etc/resolv.conf
        /etc/nsswitch.conf
        /etc/hosts.allow
        /etc/hosts.deny
        /private/etc/hosts
        /Windows/System32/drivers/etc/hosts
        """
    ),
    "certificates": _lines(
        """
        /etc/ssl/certs/
        /usr/local/share/ca-certificates/
        /usr/share/ca-certificates/
        /etc/pki/
        /etc/ca-certificates/
        /etc/ca-certificates.conf
        /etc/apt/trusted.gpg.d/
        """
    ),
    "history": _lines(
        """
        ~/.bash_history
        ~/.zsh_history
        ~/.zhistory
        ~/.zsh_sessions/
        ~/.sh_history
        ~/.ash_history
        ~/.local/share/fish/fish_history
        ~/.python_history
        ~/.node_repl_history
        ~/.mysql_history
        ~/.psql_history
        ~/.sqlite_history
        ~/.rediscli_history
        ~/.lesshst
        ~/.viminfo
        ~/.wget-hsts
        ~/.local/share/recently-used.xbel
        ~/AppData/Roaming/Microsoft/Windows/PowerShell/PSReadLine/
        .bash_history
        .zsh_history
        ConsoleHost_history.txt
        """
    ),
    "shell-startup": _lines(
        """
        ~/.bashrc
        ~/.bash_profile
        ~/.bash_login
        ~/.bash_logout
        ~/.ssh/rc
        .ssh/rc
        ~/.ssh/environment
        ~/.nvm/nvm.sh
        ~/.cargo/env
        ~/.asdf/asdf.sh
        ~/.sdkman/bin/
        ~/.rvm/scripts/
        ~/.fzf.bash
        ~/.fzf.zsh
        ~/.p10k.zsh
        ~/.oh-my-zsh/
        ~/.bash_it/
        ~/.zinit/
        ~/.zplug/
        ~/.bash_aliases
        ~/.profile
        ~/.zshrc
        ~/.zshenv
        ~/.zprofile
        ~/.zlogin
        ~/.zlogout
        ~/.zsh/
        ~/.kshrc
        ~/.cshrc
        ~/.tcshrc
        ~/.login
        ~/.mkshrc
        ~/.inputrc
        ~/.xprofile
        ~/.xinitrc
        ~/.xsession
        ~/.xsessionrc
        ~/.pam_environment
        ~/.config/fish/config.fish
        ~/.config/fish/conf.d/
        ~/.config/fish/functions/
        ~/.config/nushell/
        ~/.config/environment.d/
        ~/.config/powershell/
        ~/.tmux.conf
        ~/.screenrc
        ~/.vimrc
        ~/.vim/plugin/
        ~/.vim/autoload/
        ~/.config/nvim/init.lua
        ~/.config/nvim/init.vim
        ~/.config/nvim/plugin/
        ~/.emacs
        ~/.emacs.d/init.el
        ~/.config/emacs/init.el
        ~/.pythonrc
        ~/.pythonrc.py
        ~/.pystartup
        ~/.ipython/profile_default/startup/
        ~/.irbrc
        ~/.gdbinit
        ~/.lldbinit
        ~/.psqlrc
        ~/.sqliterc
        ~/.Rprofile
        ~/.perldb
        ~/.config/direnv/
        ~/Documents/PowerShell/*profile.ps1
        ~/Documents/WindowsPowerShell/*profile.ps1
        /etc/profile
        /etc/profile.d/
        /etc/bash.bashrc
        /etc/bashrc
        /etc/bash_completion.d/
        /etc/zsh/
        /etc/zshrc
        /etc/zshenv
        /etc/zprofile
        /etc/fish/
        /etc/csh.cshrc
        /etc/skel/
        /etc/inputrc
        /private/etc/zshrc
        /private/etc/profile
        site-packages/*.pth
        site-packages/sitecustomize.py
        site-packages/usercustomize.py
        dist-packages/*.pth
        dist-packages/sitecustomize.py
        dist-packages/usercustomize.py
        ~/.local/lib/*/site-packages/*.pth
        /Windows/System32/WindowsPowerShell/v1.0/*profile.ps1
        /Program Files/PowerShell/*/*profile.ps1
        """
    ),
    "persistence": _lines(
        """
        /etc/crontab
        /etc/anacrontab
        /etc/cron.d/
        /etc/cron.daily/
        /etc/cron.hourly/
        /etc/cron.weekly/
        /etc/cron.monthly/
        /etc/cron.allow
        /var/spool/cron/
        /var/spool/at/
        /var/spool/anacron/
        /var/at/
        /usr/lib/cron/
        /etc/systemd/
        /usr/lib/systemd/
        /lib/systemd/
        /usr/local/lib/systemd/
        /run/systemd/system/
        ~/.config/systemd/
        ~/.local/share/systemd/
        /etc/init.d/
        /etc/rc.local
        /etc/rc.d/
        /etc/rc*.d/
        /etc/inittab
        /etc/init/
        /etc/xdg/autostart/
        /etc/X11/Xsession.d/
        /etc/update-motd.d/
        /etc/apt/apt.conf.d/
        /etc/yum/pluginconf.d/
        /etc/dpkg/dpkg.cfg.d/
        /etc/NetworkManager/dispatcher.d/
        /etc/network/if-up.d/
        /etc/udev/rules.d/
        /usr/lib/udev/rules.d/
        /etc/modules-load.d/
        /etc/modprobe.d/
        /etc/initramfs-tools/
        /etc/dbus-1/
        /usr/share/dbus-1/
        /etc/logrotate.d/
        /etc/acpi/
        /etc/supervisor/
        ~/.config/autostart/
        ~/.config/autostart-scripts/
        ~/.config/plasma-workspace/env/
        ~/.config/openbox/autostart
        ~/.config/i3/config
        ~/.config/hypr/hyprland.conf
        ~/.local/share/dbus-1/services/
        ~/.local/share/applications/
        ~/Library/LaunchAgents/
        /Library/LaunchAgents/
        /Library/LaunchDaemons/
        /System/Library/LaunchAgents/
        /System/Library/LaunchDaemons/
        /Library/StartupItems/
        /Library/Security/SecurityAgentPlugins/
        /Library/PrivilegedHelperTools/
        ~/Library/Preferences/com.apple.loginitems.plist
        /private/var/at/
        /etc/periodic/
        /etc/emond.d/
        ~/AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Startup/
        /ProgramData/Microsoft/Windows/Start Menu/Programs/Startup/
        /ProgramData/Microsoft/Windows/Start Menu/Programs/StartUp/
        /Windows/System32/Tasks/
        /Windows/Tasks/
        /Windows/System32/GroupPolicy/
        """
    ),
    "vcs-hooks": _lines(
        """
        .git/hooks/
        .husky/
        .githooks/
        hooks/pre-receive
        hooks/post-receive
        ~/.config/git/hooks/
        ~/.git-templates/
        ~/.git-template/
        /usr/share/git-core/templates/
        .hg/hgrc
        """
    ),
    "vcs-config": _lines(
        """
        .git/config
        .git/info/attributes
        .git/modules/
        ~/.gitconfig
        ~/.config/git/config
        ~/.config/git/attributes
        /etc/gitconfig
        .gitmodules
        .svn/
        """
    ),
    "vcs": _lines(
        """
        .git/
        .hg/
        .svn/
        .jj/
        """
    ),
    "ci": _lines(
        """
        .github/workflows/
        .github/actions/
        .gitlab-ci.yml
        .gitlab/ci/
        .circleci/
        .travis.yml
        azure-pipelines.yml
        .azure-pipelines/
        bitbucket-pipelines.yml
        Jenkinsfile
        .drone.yml
        .woodpecker.yml
        .woodpecker/
        .buildkite/
        .teamcity/
        cloudbuild.yaml
        appveyor.yml
        .appveyor.yml
        .semaphore/
        codefresh.yml
        .gitea/workflows/
        .forgejo/workflows/
        """
    ),
    "build-files": _lines(
        """
        package.json
        Makefile
        GNUmakefile
        makefile
        justfile
        Taskfile.yml
        Rakefile
        setup.py
        setup.cfg
        pyproject.toml
        conftest.py
        tox.ini
        noxfile.py
        build.rs
        build.gradle
        build.gradle.kts
        CMakeLists.txt
        Dockerfile
        docker-compose.yml
        compose.yaml
        gulpfile.js
        Gruntfile.js
        .pre-commit-config.yaml
        lefthook.yml
        """
    ),
    "editor-tasks": _lines(
        """
        .vscode/tasks.json
        .envrc
        .vscode/launch.json
        .idea/runConfigurations/
        .idea/workspace.xml
        .devcontainer/
        .devcontainer.json
        .zed/tasks.json
        .fleet/run.json
        """
    ),
    "editor-settings": _lines(
        """
        .vscode/settings.json
        .editorconfig
        .zed/settings.json
        """
    ),
    "package-config": _lines(
        """
        .npmrc
        .yarnrc
        .yarnrc.yml
        .pnpmfile.cjs
        pip.conf
        pip.ini
        ~/.config/pip/
        ~/.pip/
        ~/.pydistutils.cfg
        ~/.config/uv/
        uv.toml
        .cargo/config
        .cargo/config.toml
        ~/.condarc
        ~/.gemrc
        ~/.bunfig.toml
        bunfig.toml
        ~/.config/pypoetry/
        ~/.bundle/config
        ~/.config/go/env
        nuget.config
        NuGet.Config
        /etc/apt/
        /etc/yum.repos.d/
        /etc/yum.conf
        /etc/dnf/
        /etc/pacman.conf
        /etc/pacman.d/
        /etc/apk/
        /etc/zypp/
        /etc/pip.conf
        /etc/npmrc
        /etc/docker/daemon.json
        ~/.docker/daemon.json
        /etc/containers/
        """
    ),
    "program-folder": _lines(
        """
        ~/bin/
        ~/.local/bin/
        ~/.cargo/bin/
        ~/go/bin/
        /usr/local/bin/
        /usr/local/sbin/
        /opt/homebrew/bin/
        """
    ),
    "agent-credentials": _lines(
        """
        ~/.claude/.credentials.json
        ~/.codex/auth.json
        ~/.gemini/oauth_creds.json
        ~/.gemini/google_accounts.json
        ~/.qwen/oauth_creds.json
        ~/.copilot/config.json
        ~/.config/github-copilot/
        ~/AppData/Local/github-copilot/
        ~/.local/share/opencode/auth.json
        ~/.config/amp/secrets.json
        ~/.local/share/amp/secrets.json
        ~/.cline/data/settings/providers.json
        ~/.continue/config.yaml
        ~/.config/goose/secrets.yaml
        ~/.augment/session.json
        ~/.factory/auth.json
        ~/.kimi/credentials/
        ~/.mcp-auth/
        ~/.aider.conf.yml
        ~/.config/aichat/config.yaml
        ~/.config/io.datasette.llm/keys.json
        ~/.openclaw/credentials/
        ~/.clawdbot/credentials/
        ~/.hermes/auth.json
        ~/.hermes/.env
        ~/.grok/auth.json
        ~/.config/cursor/auth.json
        ~/.cursor/auth.json
        ~/.local/share/cursor-agent/auth.json
        """
    ),
    "agent-state": _lines(
        """
        ~/.claude/projects/
        ~/.claude/history.jsonl
        ~/.claude/todos/
        ~/.codex/sessions/
        ~/.codex/history.jsonl
        ~/.gemini/tmp/
        ~/.qwen/projects/
        ~/.copilot/session-state/
        ~/.local/share/opencode/storage/
        ~/.cursor/chats/
        """
    ),
    "agent-config": _lines(
        """
        mcp.json
        .mcp.json
        mcp_config.json
        mcp-config.json
        mcp_settings.json
        mcp-settings.json
        claude_desktop_config.json
        cline_mcp_settings.json
        """
    ),
    "agent-managed": _lines(
        """
        managed-settings.json
        managed-mcp.json
        """
    ),
    "agent-code": _lines(
        """
        .claude/hooks/
        .gemini/hooks/
        .qwen/hooks/
        .cursor/hooks/
        .codex/hooks/
        .copilot/hooks/
        .github/hooks/
        .factory/hooks/
        .augment/hooks/
        .cline/hooks/
        .clinerules/hooks/
        .opencode/plugin/
        .opencode/plugins/
        .opencode/tool/
        .kiro/hooks/
        .windsurf/hooks/
        .devin/hooks/
        .openhands/hooks/
        .grok/hooks/
        .crush/hooks/
        .pi/extensions/
        """
    ),
    "spawngate": _lines(
        """
        ~/.spawngate/
        ~/.config/spawngate/
        ~/.local/share/spawngate/
        ~/.local/state/spawngate/
        ~/.cache/spawngate/
        ~/Library/Application Support/spawngate/
        ~/Library/Application Support/Spawngate/
        ~/Library/Logs/spawngate/
        ~/AppData/Roaming/spawngate/
        ~/AppData/Local/spawngate/
        /etc/spawngate/
        /opt/spawngate/
        /var/lib/spawngate/
        /var/log/spawngate/
        /run/spawngate/
        /run/user/*/spawngate/
        /usr/lib/spawngate/
        /usr/share/spawngate/
        /usr/bin/spawngate*
        /usr/local/bin/spawngate*
        ~/.local/bin/spawngate*
        /Library/Application Support/spawngate/
        /Library/Application Support/Spawngate/
        /ProgramData/spawngate/
        /Program Files/spawngate/
        ~/.config/systemd/user/spawngate*
        /etc/systemd/system/spawngate*
        ~/Library/LaunchAgents/*spawngate*
        /Library/LaunchDaemons/*spawngate*
        site-packages/spawngate/
        site-packages/spawngate-*
        dist-packages/spawngate/
        """
    ),
    "container-engine": _lines(
        """
        /var/run/docker.sock
        /run/docker.sock
        /run/podman/podman.sock
        /run/containerd/containerd.sock
        /var/run/containerd/containerd.sock
        /run/crio/crio.sock
        /run/user/*/docker.sock
        /run/user/*/podman/podman.sock
        ~/.docker/run/docker.sock
        docker.sock
        """
    ),
    "boot": _lines(
        """
        /boot/
        /efi/
        /etc/default/grub
        /etc/grub.d/
        /etc/fstab
        /etc/crypttab
        /System/Library/CoreServices/
        /bootmgr
        /EFI/
        """
    ),
    "proc": ("/proc/",),
    "process-secrets": _lines(
        """
        /proc/*/environ
        /proc/*/mem
        /proc/*/maps
        /proc/*/cmdline
        /proc/kcore
        /dev/mem
        /dev/kmem
        /proc/kmem
        """
    ),
    "kernel": _lines(
        """
        /proc/sys/
        /proc/sysrq-trigger
        /sys/
        /etc/sysctl.conf
        /etc/sysctl.d/
        """
    ),
    "logs": _lines(
        """
        /var/log/
        /private/var/log/
        /Library/Logs/
        ~/Library/Logs/
        /Windows/System32/winevt/
        /var/lib/systemd/coredump/
        /run/log/
        /var/run/utmp
        """
    ),
}

DISPOSABLE = word_set("""
        node_modules dist build out target .next .nuxt .output .svelte-kit .turbo .parcel-cache .cache
        __pycache__ .pytest_cache .mypy_cache .ruff_cache .tox .nox .venv venv env .eggs htmlcov coverage
        .nyc_output .gradle .terraform .serverless .angular .vite .webpack bin obj deriveddata .dart_tool .expo
        tmp temp logs log .ipynb_checkpoints vendor pods cmake-build-debug cmake-build-release _build
        .docusaurus .vercel .netlify storybook-static public/build site test-results playwright-report
        .hypothesis .coverage .stack-work elm-stuff bower_components .bundle zig-cache .zig-cache buck-out
        bazel-bin bazel-out .astro artifacts caches trash
    """)
"""Names of folders that the next build or install makes anew."""

HARMLESS_NAMES = frozenset({".cache", "downloads", ".npm", ".trash", "tmp", "temp", ".local", "go"})
"""Names directly below a home whose loss costs little, or below which things are judged one by one."""

TOP_FOLDERS = word_set("""
        bin boot dev etc home lib lib32 lib64 libx32 media mnt nix opt proc root run sbin snap srv sys usr var
        system library applications private volumes cores windows programdata recovery perflogs
    """) | {"program files", "program files (x86)", "system volume information", "$recycle.bin"}
"""Folders directly below the root that belong to the system."""

DEVICES = word_set("""
        null stdout stderr stdin tty zero full random urandom fd ptmx pts console tcp udp shm mqueue
    """)
"""Names below /dev that are no disks."""
