using System.Text.RegularExpressions;
using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems.Accounts;

/// <summary>A password or key in the configuration of cloud-init.</summary>
/// <param name="Path">The file.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="IsPassword">Whether it is a password or its hash; else it is an authorized key.</param>
internal readonly record struct CloudInitCredential(string Path, int Line, bool IsPassword);

/// <summary>
/// Passwords and keys that cloud-init gives to accounts of every machine, from /etc/cloud/cloud.cfg and its drop-ins: the keys
/// <c>passwd</c>, <c>hashed_passwd</c> and <c>plain_text_passwd</c> of users, <c>password</c> at the top level (modules Users and
/// Groups, Set Passwords), and items that are SSH keys.
/// </summary>
internal static partial class CloudInitCredentials
{
    private const string Configuration = "/etc/cloud/cloud.cfg";
    private const int MaxBytes = 1 << 20;

    /// <summary>Finds them.</summary>
    /// <exception cref="DiskImages.DiskFormatException">A file cannot be read.</exception>
    public static IEnumerable<CloudInitCredential> Find(FileTree tree)
    {
        IEnumerable<string> files = tree.List(Configuration + ".d").Where(name => name.EndsWith(".cfg", StringComparison.Ordinal)).Select(name => $"{Configuration}.d/{name}").Prepend(Configuration);
        foreach (string path in files)
        {
            foreach (TextLine line in TextLines.Of(tree.ReadAllText(path, MaxBytes) ?? ""))
            {
                if (Password().Match(line.Text) is { Success: true } match && IsGiven(match.Groups[1].Value))
                {
                    yield return new CloudInitCredential(path, line.Number, IsPassword: true);
                }
                else if (Key().IsMatch(line.Text))
                {
                    yield return new CloudInitCredential(path, line.Number, IsPassword: false);
                }
            }
        }
    }

    // A locked field, nothing, or a password that cloud-init makes up for each machine.
    private static bool IsGiven(string value) =>
        value.Trim('"', '\'') is var plain && plain.Length > 0 && plain[0] is not ('!' or '*' or '#' or '~') && plain is not ("null" or "false" or "R" or "RANDOM");

    [GeneratedRegex("""^(?:\s*(?:- +)?(?:passwd|hashed_passwd|hashed-passwd|plain_text_passwd|plain-text-passwd)|password) *: *(\S+)""", RegexOptions.CultureInvariant)]
    private static partial Regex Password();

    [GeneratedRegex("""^\s*- +["']?(?:ssh-rsa|ssh-ed25519|ssh-dss|ecdsa-sha2-\S{1,40}|sk-\S{1,60}) +AAAA""", RegexOptions.CultureInvariant)]
    private static partial Regex Key();
}
