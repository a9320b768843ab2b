using Marketplace.DiskImages;
using Marketplace.Requirements.Linux;
using Marketplace.Requirements.Systems.Accounts;
using Marketplace.Requirements.Tests.Support;

namespace Marketplace.Requirements.Tests.Linux;

[TestClass]
public sealed class AccountTests
{
    private const string Hash = "$6$salt$k1fKrUuqPVg0";
    private const string Passwd = "root:x:0:0:root:/root:/bin/bash\nbuilder:x:1000:1000::/home/builder:/bin/bash\nweb:x:33:33::/var/www:/usr/sbin/nologin\n";
    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKey builder@host\n";

    [TestMethod]
    [DataRow("root:*:1::::::\nbuilder:!:1::::::\nweb:*:1::::::\n", "Info")]
    [DataRow("root:*:1::::::\nbuilder:!" + Hash + ":1::::::\n", "Info")]
    [DataRow("root:*:1::::::\nbuilder:" + Hash + ":1::::::\n", "Error")]
    [DataRow("root:*:1::::::\nbuilder::1::::::\n", "Error")]
    [DataRow("root::1::::::\nbuilder:!:1::::::\n", "Error Info")]
    [DataRow("root:*:1::::::\nweb:" + Hash + ":1::::::\n", "Info Error")]
    [DataRow("root:*:1::::::\nweb::1::::::\n", "Info")]
    [DataRow("root:" + Hash + ":1::::::\nbuilder:!:1::::::\n", "Info")]
    public void Judges_passwords(string shadow, string severities)
    {
        MemoryTree tree = LinuxTrees.Debian().Add("/etc/passwd", Passwd).Add("/etc/shadow", shadow);

        Assert.AreEqual(severities, tree.Severities<NoDefaultAccounts>());
        Assert.DoesNotContain(observation => observation.Found.Contains("$6$", StringComparison.Ordinal) || observation.Evidence.Contains("$6$", StringComparison.Ordinal), tree.Check<NoDefaultAccounts>().Observations);
    }

    [TestMethod]
    [DataRow("builder", "userdel -r builder, or passwd -l builder")]
    [DataRow("x;reboot", "userdel -r 'x;reboot', or passwd -l 'x;reboot'")]
    [DataRow("$(reboot)", "userdel -r '$(reboot)', or passwd -l '$(reboot)'")]
    [DataRow("a'`id`b", @"userdel -r 'a'\''`id`b', or passwd -l 'a'\''`id`b'")]
    public void A_remedy_that_is_copied_into_a_shell_runs_nothing_of_the_disk(string name, string remedy)
    {
        MemoryTree tree = LinuxTrees.Debian()
            .Add("/etc/passwd", $"root:x:0:0:root:/root:/bin/bash\n{name}:x:1000:1000::/home/x y:/bin/bash\n")
            .Add("/etc/shadow", $"root:*:1::::::\n{name}:{Hash}:1::::::\n")
            .Add("/home/x y/.ssh/authorized_keys", Key);

        Assert.AreEqual($"{remedy}\nrm '/home/x y/.ssh/authorized_keys'", string.Join('\n', tree.Check<NoDefaultAccounts>().Observations.Select(observation => observation.Remedy)));
    }

    [TestMethod]
    public void More_homes_than_are_looked_at_are_no_pass()
    {
        MemoryTree tree = LinuxTrees.Debian();
        for (int i = 0; i <= 2048; i++)
        {
            tree.Add($"/home/user{i}/.profile", "");
        }

        Assert.ThrowsExactly<DiskFormatException>(() => tree.Check<NoShellHistory>());
    }

    [TestMethod]
    public void A_hash_in_passwd_counts_too() =>
        Assert.AreEqual("Error", LinuxTrees.Debian().Add("/etc/passwd", "root:x:0:0::/root:/bin/sh\nold:abJnggxhB/yWI:500:500::/home/old:/bin/sh\n").Severities<NoDefaultAccounts>());

    [TestMethod]
    [DataRow("/root/.ssh/authorized_keys", Key, "Error")]
    [DataRow("/root/.ssh/authorized_keys2", Key, "Error")]
    [DataRow("/root/.ssh/authorized_keys", "# none\n\n", "")]
    [DataRow("/root/.ssh/authorized_keys", "no-port-forwarding,command=\"echo 'Please login as the user \\\"ubuntu\\\" rather than the user \\\"root\\\".';echo;sleep 10;exit 142\" " + Key, "")]
    [DataRow("/usr/sbin/.ssh/authorized_keys", Key, "")]
    [DataRow("/etc/skel/.ssh/authorized_keys", Key, "Error")]
    public void Judges_authorized_keys(string path, string text, string severities) =>
        Assert.AreEqual(severities, LinuxTrees.Debian().Add(path, text).Severities<NoDefaultAccounts>());

    [TestMethod]
    public void Follows_AuthorizedKeysFile() => Assert.AreEqual(
        "Error",
        LinuxTrees.Debian().Add("/etc/ssh/sshd_config", "AuthorizedKeysFile /etc/ssh/keys/%u\n").Add("/etc/ssh/keys/root", Key).Severities<NoDefaultAccounts>());

    [TestMethod]
    [DataRow("root:*LOCK*:14600::::::\n", "y", "")]
    [DataRow("root:" + Hash + ":1::::::\n", "y", "Error")]
    [DataRow("root:!:1::::::\n", "n", "Warning")]
    public void Judges_the_password_of_root(string shadow, string setting, string severities) =>
        Assert.AreEqual(severities, LinuxTrees.Debian().Add("/etc/shadow", shadow).Add("/etc/waagent.conf", $"Provisioning.DeleteRootPassword={setting}\n").Severities<RootPassword>());

    [TestMethod]
    public void Another_account_of_the_number_of_root_is_no_root()
    {
        MemoryTree tree = LinuxTrees.Debian().Add("/etc/passwd", "root:x:0:0::/root:/bin/bash\ntoor:x:0:0::/root:/bin/sh\n").Add("/etc/shadow", "root:*:1::::::\ntoor:" + Hash + ":1::::::\n");

        Assert.AreEqual("Error", tree.Severities<NoDefaultAccounts>());
        Assert.AreEqual("", tree.Severities<RootPassword>());
    }

    [TestMethod]
    [DataRow("/root/.bash_history", "ls\n", "Error")]
    [DataRow("/root/.bash_history", "", "Info")]
    [DataRow("/home/gone/.zsh_history", "ls\n", "Error")]
    [DataRow("/root/.history", "ls\n", "Error")]
    [DataRow("/root/.python_history", "1\n", "")]
    [DataRow("/root/.zhistory", "ls\n", "Error")]
    [DataRow("/root/.local/share/fish/fish_history", "- cmd: ls\n", "Error")]
    [DataRow("/root/.config/zsh/.zsh_history", "ls\n", "Error")]
    [DataRow("/.bash_history", "ls\n", "Error")]
    [DataRow("/etc/skel/.bash_history", "ls\n", "Error")]
    [DataRow("/root/notes_sh_history", "1\n", "")]
    public void Judges_histories(string path, string text, string severities) =>
        Assert.AreEqual(severities, LinuxTrees.Debian().Add(path, text).Severities<NoShellHistory>());

    [TestMethod]
    public void A_history_linked_to_nothing_is_none() =>
        Assert.AreEqual("", LinuxTrees.Debian().Link("/root/.bash_history", "/dev/null").Severities<NoShellHistory>());

    [TestMethod]
    public void Skips_lines_that_are_no_accounts()
    {
        IReadOnlyList<Account> accounts = AccountReader.Parse("\n:x:0:0:::\n+::::::\nroot:x:zero:0:::\nok:x:7:7\nok:x:8:8::/:/bin/sh\n", null);

        Assert.HasCount(1, accounts);
        Assert.AreEqual("/bin/sh", accounts[0].Shell);
        Assert.AreEqual(PasswordState.Locked, accounts[0].Password);
    }

    [TestMethod]
    [DataRow("Match User root\nAuthorizedKeysFile /etc/ssh/keys/%u\n", "/etc/ssh/keys/root", "Error")]
    [DataRow("AuthorizedKeysFile /etc/ssh/keys/%U\n", "/etc/ssh/keys/0", "Error")]
    [DataRow("AuthorizedKeysFile none\n", "/none", "")]
    [DataRow("TrustedUserCAKeys /etc/ssh/ca.pub\n", "/etc/ssh/ca.pub", "Warning")]
    [DataRow("TrustedUserCAKeys none\n", "/etc/ssh/ca.pub", "")]
    public void Follows_what_sshd_is_told_about_keys(string configuration, string path, string severities) =>
        Assert.AreEqual(severities, LinuxTrees.Debian().Add("/etc/ssh/sshd_config", configuration).Add(path, Key).Severities<NoDefaultAccounts>());

    [TestMethod]
    [DataRow("relative", "/relative/.ssh/authorized_keys")]
    [DataRow("", "/.ssh/authorized_keys")]
    [DataRow("/", "/.ssh/authorized_keys")]
    public void A_home_that_is_no_absolute_path_starts_at_the_root(string home, string path)
    {
        MemoryTree tree = LinuxTrees.Debian().Add("/etc/passwd", $"x:x:500:500::{home}:/bin/sh\n");

        Assert.AreEqual("", tree.Severities<NoDefaultAccounts>());
        Assert.AreEqual("", tree.Severities<NoShellHistory>());
        Assert.AreEqual("Error", tree.Add(path, Key).Severities<NoDefaultAccounts>());
    }

    [TestMethod]
    [DataRow("users:\n  - name: ops\n    plain_text_passwd: hunter2\n", "Error")]
    [DataRow("users:\n  - passwd: \"$6$x$y\"\n", "Error")]
    [DataRow("password: hunter2\nchpasswd: { expire: False }\n", "Error")]
    [DataRow("    ssh_authorized_keys:\n      - ssh-ed25519 AAAAC3Nz x\n", "Error")]
    [DataRow("password: RANDOM\n# password: x\n#  - ssh-rsa AAAA\n", "")]
    [DataRow("    lock_passwd: True\n    passwd: null\n    hashed_passwd: '!'\n", "")]
    [DataRow("proxy:\n  password: of-the-proxy\n", "")]
    public void Finds_what_cloud_init_gives_to_every_machine(string configuration, string severities) =>
        Assert.AreEqual(severities, LinuxTrees.Debian().Add("/etc/cloud/cloud.cfg.d/99.cfg", configuration).Severities<NoDefaultAccounts>());

    [TestMethod]
    public void cloud_init_that_is_off_gives_nothing() => Assert.AreEqual(
        "",
        LinuxTrees.Debian().Add("/etc/cloud/cloud.cfg", "password: hunter2\n").Add("/etc/cloud/cloud-init.disabled", "").Severities<NoDefaultAccounts>());

    [TestMethod]
    public void Blanks_before_a_name_are_skipped()
    {
        Account account = AccountReader.Parse("  ops:x:1000:1000::/home/ops:/bin/sh\n", "\tops:" + Hash + ":1::::::\n")[0];

        Assert.AreEqual("ops", account.Name);
        Assert.AreEqual(PasswordState.Usable, account.Password);
    }
}
