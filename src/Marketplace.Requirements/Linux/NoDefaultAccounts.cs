using System.Globalization;
using Marketplace.DiskImages.Trees;
using Marketplace.Requirements.Engine;
using Marketplace.Requirements.Model;
using Marketplace.Requirements.Systems;
using Marketplace.Requirements.Systems.Accounts;
using Marketplace.Requirements.Systems.Ssh;

namespace Marketplace.Requirements.Linux;

/// <summary>MKT2027: no account that is the same on every machine: no password, no authorized key.</summary>
internal sealed class NoDefaultAccounts : LinuxRequirement
{
    private const int MaxKeyFileBytes = 1 << 20;

    /// <summary>cloud-init writes this forced command for root; it lets nobody in.</summary>
    private const string HarmlessCommand = "Please login as the user";

    // useradd(8) copies them into the home of every new account.
    private static readonly string[] SkeletonKeyFiles = ["/etc/skel/.ssh/authorized_keys", "/etc/skel/.ssh/authorized_keys2"];

    private static readonly string[] KeyTypes = ["ssh-rsa", "ssh-ed25519", "ssh-dss", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-", "rsa-sha2-", "ssh-xmss"];

    public override string Id => "MKT2027";

    public override string Title => "No default accounts, passwords or authorized keys";

    public override string Section => "2.8";

    public override Criterion Guide { get; } = new(Severity.Error, "no account can be logged in to with the same password or key on every machine", "Guide, 2.8");

    public override Criterion Current { get; } = new(Severity.Error, "no account has a password or authorized keys", "LISA verify_no_pre_exist_users; certification policy 200.4");

    public override string Why => "An account that is the same on every machine is open to everyone who knows one of them";

    public override string Remedy => "userdel -r NAME, or passwd -l NAME and rm ~NAME/.ssh/authorized_keys; waagent -deprovision+user removes the provisioned user";

    internal override CheckResult CheckSystem(string disk, LinuxSystem system)
    {
        List<Observation> observations = [];
        foreach (Account account in system.Accounts)
        {
            string name = Evidence.Quote(account.Name);
            string word = Evidence.Word(account.Name);
            Observation about = new(disk, "") { PathInDisk = account.PasswordPath, Line = account.PasswordLine, Repair = RepairCommands.Of(RepairStage.Accounts, "lock_password", account.Name) };
            if (account.Password == PasswordState.Usable && !account.IsRoot)
            {
                observations.Add(about with { Found = $"the account {name} has a password", Remedy = $"userdel -r {word}, or passwd -l {word}" });
            }
            else if (account.Password == PasswordState.Empty && account.CanLogIn)
            {
                observations.Add(about with { Found = $"the account {name} has an empty password: anyone can log in", Remedy = $"passwd -l {word}" });
            }
            else if (account.IsHuman && account.CanLogIn)
            {
                observations.Add(about with { Found = $"there is an account {name} of a person, without password", Guide = Severity.Info, Current = Severity.Info, Repair = null });
            }
        }

        // Two accounts can share a file.
        foreach ((Account account, string path) in system.Accounts.Where(account => account.CanLogIn)
            .SelectMany(account => KeyFiles(system.Sshd, account).Select(path => (account, path))).DistinctBy(found => found.path))
        {
            observations.AddRange(FindKey(disk, system.Tree, path, $"the account {Evidence.Quote(account.Name)} accepts an authorized key"));
        }

        foreach (string path in SkeletonKeyFiles)
        {
            observations.AddRange(FindKey(disk, system.Tree, path, "every account that is made on the machine accepts an authorized key"));
        }

        observations.AddRange(FindAuthorities(disk, system));
        if (system.CloudInit.Provisions)
        {
            observations.AddRange(CloudInitCredentials.Find(system.Tree).Select(found => new Observation(disk, $"cloud-init gives an account {(found.IsPassword ? "a password" : "an authorized key")} that is the same on every machine")
            {
                PathInDisk = Evidence.Quote(found.Path),
                Line = found.Line,
                Remedy = $"remove the {(found.IsPassword ? "password" : "key")} from {Evidence.Quote(found.Path)}",
                Repair = ForgetPassword(system.Tree, found),
            }));
        }

        return CheckResult.From(observations);
    }

    private static IEnumerable<Observation> FindKey(string disk, FileTree tree, string path, string found)
    {
        if (tree.ReadAllText(path, MaxKeyFileBytes) is { } text && TextLines.Of(text).FirstOrDefault(line => IsKey(line.Text)) is { Number: > 0 } key)
        {
            yield return new Observation(disk, found)
            {
                PathInDisk = Evidence.Quote(path),
                Line = key.Number,
                Remedy = $"rm {Evidence.Word(path)}",
                Repair = RepairCommands.Of(RepairStage.Accounts, "remove_keys", path),
            };
        }
    }

    // An item of a list is left to a person: without it the list, or what follows it, may mean something else.
    private static Repair? ForgetPassword(FileTree tree, CloudInitCredential found) =>
        found.IsPassword && TextLines.Of(tree.ReadAllText(found.Path, MaxKeyFileBytes) ?? "").FirstOrDefault(line => line.Number == found.Line).Text is { } text && !text.TrimStart().StartsWith('-')
            ? RepairCommands.Of(RepairStage.Accounts, "comment_out", found.Path, text)
            : null;

    // Whoever holds the key of such an authority can sign one for any account.
    private static IEnumerable<Observation> FindAuthorities(string disk, LinuxSystem system) =>
        system.Sshd.FindEverywhere("TrustedUserCAKeys").SelectMany(option => option.Arguments).Where(path => path.StartsWith('/')).Distinct(StringComparer.Ordinal)
            .SelectMany(path => FindKey(disk, system.Tree, path, "the SSH server trusts an authority for the keys of users"))
            .Select(observation => observation with { Guide = Severity.Warning, Current = Severity.Warning });

    private static IEnumerable<string> KeyFiles(SshdConfiguration sshd, Account account)
    {
        // sshd takes a home that does not start with a slash from the root (auth.c, expand_authorized_keys).
        string home = "/" + HomeDirectories.Normalize(account.Home).TrimStart('/');
        string id = account.UserId.ToString(CultureInfo.InvariantCulture);
        return ((IEnumerable<string>)[".ssh/authorized_keys", ".ssh/authorized_keys2"])
            .Concat(sshd.FindEverywhere("AuthorizedKeysFile").SelectMany(option => option.Arguments))
            .Where(pattern => pattern.Length > 0 && pattern != "none")
            .Select(pattern => pattern.Replace("%h", home, StringComparison.Ordinal).Replace("%u", account.Name, StringComparison.Ordinal).Replace("%U", id, StringComparison.Ordinal))
            .Select(pattern => pattern.StartsWith('/') ? pattern : home.TrimEnd('/') + "/" + pattern)
            .Distinct(StringComparer.Ordinal);
    }

    private static bool IsKey(string line)
    {
        string text = line.Trim();
        return text.Length > 0 && text[0] != '#'
            && KeyTypes.Any(type => text.Contains(type, StringComparison.Ordinal))
            && !(text.Contains("command=", StringComparison.Ordinal) && text.Contains(HarmlessCommand, StringComparison.Ordinal));
    }
}
