using System.Buffers.Binary;
using Marketplace.DiskImages;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Linux;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Tests.Support;

namespace Marketplace.Requirements.Tests.Linux;

[TestClass]
public sealed class SecretTests
{
    // Cut apart, so that scanners for keys do not take this file for one.
    private const string Key = "-----BEGIN OPENSSH PRIVATE " + "KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ\n-----END";

    [TestMethod]
    public void A_generalised_system_holds_no_secret() => Assert.AreEqual("", LinuxTrees.Debian().Severities<NoSecrets>());

    [TestMethod]
    [DataRow("/root/.ssh/id_ed25519", Key, "Warning")]
    [DataRow("/root/.ssh/deploy", Key, "Warning")]
    [DataRow("/home/bob/key.pem", Key, "Warning")]
    [DataRow("/etc/skel/.ssh/id_rsa", Key, "Warning")]
    [DataRow("/root/.ssh/id_ed25519.pub", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJ builder@contoso", "")]
    [DataRow("/root/.ssh/id_rsa", "", "")]
    [DataRow("/root/.ssh/known_hosts", "|1|abc= ssh-ed25519 AAAA\n", "Warning")]
    [DataRow("/root/.ssh/known_hosts", "", "")]
    [DataRow("/root/.ssh/config", "# -----BEGIN is not all\nHost *\n", "")]
    [DataRow("/root/.azure/msal_token_cache.json", "{\"RefreshToken\": {\"x\": {\"secret\": \"x\"}}}", "Warning")]
    [DataRow("/root/.azure/msal_token_cache.json", "{}", "")]
    [DataRow("/root/.azure/azureProfile.json", "{\"subscriptions\": []}", "")]
    [DataRow("/home/bob/.aws/credentials", "[default]\naws_access_key_id = AKIA\naws_secret_access_key = x\n", "Warning")]
    [DataRow("/home/bob/.aws/credentials", "[default]\n# aws_secret_access_key = x\n", "")]
    [DataRow("/root/.docker/config.json", "{\"auths\": {\"x\": {\"auth\": \"eDp5\"}}}", "Warning")]
    [DataRow("/root/.docker/config.json", "{\"credsStore\": \"pass\"}", "")]
    [DataRow("/root/.netrc", "machine x login y password z\n", "Warning")]
    [DataRow("/root/.git-credentials", "https://x:y@github.com\n", "Warning")]
    [DataRow("/root/.pgpass", "h:5432:d:u:p\n", "Warning")]
    [DataRow("/root/.pgpass", "#h:5432:d:u:p\n", "")]
    [DataRow("/etc/ssl/private/server.key", Key, "Warning")]
    [DataRow("/etc/ssl/private/ssl-cert-snakeoil.key", Key, "Warning")]
    [DataRow("/etc/pki/tls/private/localhost.key", Key, "Warning")]
    [DataRow("/etc/letsencrypt/archive/contoso/privkey1.pem", Key, "Warning")]
    [DataRow("/etc/ssl/certs/ca.pem", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", "")]
    [DataRow("/etc/ssh/ssh_host_rsa_key", Key, "")]
    [DataRow("/usr/share/doc/x/examples/key.pem", Key, "")]
    [DataRow("/etc/ssh/ssh_known_hosts", "host ssh-ed25519 AAAA\n", "Warning")]
    [DataRow("/etc/krb5.keytab", "\u0005\u0002xxxx", "Warning")]
    [DataRow("/var/log/dpkg.log", "2026-11-01 status installed waagent\n", "Info")]
    [DataRow("/var/log/apt/history.log", "Start-Date: 2026-11-01\n", "Info")]
    [DataRow("/var/log/auth.log", "sshd[1]: Accepted publickey for bob from 10.0.0.9 port 1 ssh2\n", "Warning")]
    [DataRow("/var/log/auth.log", "systemd-logind[1]: New seat seat0.\n", "Info")]
    [DataRow("/var/log/auth.log", "", "")]
    [DataRow("/var/log/waagent.log", "x\n", "")]
    public void Judges_what_is_left(string path, string text, string severities) =>
        Assert.AreEqual(severities, LinuxTrees.Debian().Directory("/home/bob").Add(path, text).Severities<NoSecrets>());

    [TestMethod]
    [DataRow((short)2, "Info")]
    [DataRow((short)7, "Warning")]
    public void Sign_ins_are_told_from_boots(short type, string severities)
    {
        byte[] records = new byte[2 * 384];
        BinaryPrimitives.WriteInt16LittleEndian(records.AsSpan(384), type);

        Assert.AreEqual(severities, LinuxTrees.Debian().Add("/var/log/wtmp", records).Severities<NoSecrets>());
    }

    [TestMethod]
    public void Nothing_of_a_secret_is_shown_and_its_path_is_quoted()
    {
        Observation observation = LinuxTrees.Debian().Add("/root/.ssh/a'; reboot; '", Key).Check<NoSecrets>().Observations.Single();

        Assert.AreEqual("", observation.Evidence);
        Assert.DoesNotContain("b3BlbnNzaC1r", observation.Found + observation.Repair!.Commands);
        Assert.AreEqual(RepairStage.Cleanup, observation.Repair.Stage);
        Assert.AreEqual(@"remove_path '/root/.ssh/a'\''; reboot; '\'''", observation.Repair.Commands);
    }

    [TestMethod]
    [DataRow("/root")]
    [DataRow("/etc/ssl/private")]
    [DataRow("/var/log")]
    public void What_cannot_be_read_is_not_passed(string path) =>
        Assert.ThrowsExactly<DiskFormatException>(() => LinuxTrees.Debian().Directory("/etc/ssl/private").Directory("/var/log").Unreadable(path).Check<NoSecrets>());

    [TestMethod]
    public void A_directory_of_more_keys_than_are_looked_at_is_not_passed()
    {
        MemoryTree tree = LinuxTrees.Debian();
        for (int i = 0; i < 300; i++)
        {
            tree.Add($"/root/.ssh/id_{i}", "x");
        }

        Assert.ThrowsExactly<DiskFormatException>(() => tree.Check<NoSecrets>());
    }
}
