using System.Text;
using Marketplace.DiskImages;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Trees;
using Marketplace.Requirements.Systems.Accounts;

namespace Marketplace.Requirements.Systems.Secrets;

/// <summary>A file that holds what no image should: what it is, never what it says.</summary>
/// <param name="Path">The file.</param>
/// <param name="What">What it holds.</param>
internal sealed record SecretFile(string Path, string What);

/// <summary>
/// Private keys, tokens, passwords and known hosts where programs keep them: in home directories, in /etc/skel, and in the
/// directories of TLS keys. Only the first bytes of a file are looked at, and none of them are kept. Host keys of the SSH server and
/// keys of the agent have requirements of their own.
/// </summary>
internal static class SecretFiles
{
    private const int HeadBytes = 16 * 1024;
    private const int MaxFilesOfDirectory = 256;

    private const string PrivateKey = "a private key";
    private const string Credentials = "credentials";

    // File in a home directory, what it holds, and words one of which must be in it (none: it need only hold something).
    private static readonly (string Name, string What, string[] Words)[] InHome =
    [
        (".ssh/known_hosts", "the hosts somebody connected to", []),
        (".ssh/known_hosts.old", "the hosts somebody connected to", []),
        (".azure/accessTokens.json", Credentials + " of Azure", ["oken"]),
        (".azure/msal_token_cache.json", Credentials + " of Azure", ["secret"]),
        (".azure/msal_token_cache.bin", Credentials + " of Azure", []),
        (".azure/service_principal_entries.json", Credentials + " of Azure", ["client"]),
        (".azure/service_principal_entries.bin", Credentials + " of Azure", []),
        (".Azure/AzureRmContext.json", Credentials + " of Azure", ["oken"]),
        (".aws/credentials", Credentials + " of Amazon Web Services", ["aws_secret_access_key", "aws_session_token"]),
        (".config/gcloud/credentials.db", Credentials + " of Google Cloud", []),
        (".config/gcloud/application_default_credentials.json", Credentials + " of Google Cloud", []),
        (".docker/config.json", Credentials + " of a container registry", ["\"auth\"", "\"identitytoken\""]),
        (".config/containers/auth.json", Credentials + " of a container registry", ["\"auth\""]),
        (".kube/config", Credentials + " of a Kubernetes cluster", ["token:", "password:", "client-key", "exec:"]),
        (".netrc", "passwords", ["password"]),
        (".git-credentials", "passwords", ["://"]),
        (".config/git/credentials", "passwords", ["://"]),
        (".pgpass", "passwords", [":"]),
        (".my.cnf", "passwords", ["password"]),
        (".mylogin.cnf", "passwords", []),
        (".npmrc", "a token", ["_authToken", "_password", "_auth="]),
        (".pypirc", "passwords", ["password"]),
        (".vault-token", "a token", []),
        (".config/gh/hosts.yml", "a token", ["oauth_token"]),
        (".terraform.d/credentials.tfrc.json", "a token", ["token"]),
        (".nuget/NuGet/NuGet.Config", "passwords", ["ClearTextPassword", "Password\""]),
        (".config/rclone/rclone.conf", Credentials, ["pass", "token", "key"]),
        (".s3cfg", Credentials, ["secret_key"]),
        (".boto", Credentials, ["secret"]),
    ];

    // Directories of a home in which any file may be a key.
    private static readonly string[] KeyDirectoriesOfHome = ["", ".ssh", ".gnupg/private-keys-v1.d", ".minikube"];

    private static readonly string[] SystemKeyDirectories =
        ["/etc/ssl/private", "/etc/pki/tls/private", "/etc/pki/nginx/private", "/etc/ssl", "/etc/nginx", "/etc/nginx/ssl", "/etc/apache2/ssl", "/etc/httpd/ssl", "/etc/haproxy", "/etc/wireguard", "/etc/openvpn", "/etc/openvpn/server", "/etc/openvpn/client", "/etc/pki/consumer", "/etc/pki/entitlement"];

    // What Anaconda and AutoYaST leave of the answers they were given.
    private static readonly string[] InstallationFiles = ["/root/anaconda-ks.cfg", "/root/original-ks.cfg", "/root/initial-setup-ks.cfg", "/root/autoinst.xml"];

    private const string ZypperDirectory = "/etc/zypp/credentials.d";

    private static readonly string[] SystemFiles = ["/etc/ssh/ssh_known_hosts", "/etc/krb5.keytab"];

    /// <summary>Finds them.</summary>
    /// <exception cref="DiskFormatException">A directory or file cannot be read, or there are more files than are looked at.</exception>
    public static IEnumerable<SecretFile> Find(LinuxSystem system)
    {
        FileTree tree = system.Tree;
        foreach (string home in HomeDirectories.Find(tree, system.Accounts).Append("/etc/skel"))
        {
            foreach ((string name, string what, string[] words) in InHome)
            {
                if (Head(tree, $"{home}/{name}") is { Length: > 0 } head && (words.Length == 0 || words.Any(word => HasWord(head, word))))
                {
                    yield return new SecretFile($"{home}/{name}", what);
                }
            }

            foreach (string path in KeyDirectoriesOfHome.SelectMany(directory => KeysIn(tree, directory.Length == 0 ? home : $"{home}/{directory}")))
            {
                yield return new SecretFile(path, PrivateKey);
            }
        }

        IEnumerable<string> letsEncrypt = tree.List("/etc/letsencrypt/archive").Take(MaxFilesOfDirectory).Select(name => $"/etc/letsencrypt/archive/{name}");
        foreach (string path in SystemKeyDirectories.Concat(letsEncrypt).Where(directory => tree.LinkStat(directory) is { Kind: FileKind.Directory }).SelectMany(directory => KeysIn(tree, directory)))
        {
            yield return new SecretFile(path, path.EndsWith("/ssl-cert-snakeoil.key", StringComparison.Ordinal) ? "the private key that the package ssl-cert made for this machine alone"
                : path.StartsWith("/etc/pki/consumer/", StringComparison.Ordinal) || path.StartsWith("/etc/pki/entitlement/", StringComparison.Ordinal) ? "the private key of a registration with Red Hat"
                : PrivateKey);
        }

        // zypper(8) keeps the registration with SUSE there, and the passwords of package sources.
        foreach (string path in tree.List(ZypperDirectory).Take(MaxFilesOfDirectory).Select(name => $"{ZypperDirectory}/{name}").Where(path => HasWord(Head(tree, path), "password")))
        {
            yield return new SecretFile(path, Credentials + " of a package source");
        }

        foreach (string path in InstallationFiles.Where(path => TextLines.Of(Head(tree, path)).Any(line => HasPassword(line.Text.Trim()))))
        {
            yield return new SecretFile(path, "a password of the installation");
        }

        foreach (string path in SystemFiles.Where(path => tree.Stat(path) is { Kind: FileKind.Regular, Size: > 2 }))
        {
            yield return new SecretFile(path, path.EndsWith("keytab", StringComparison.Ordinal) ? "keys of Kerberos" : "the hosts somebody connected to");
        }
    }

    private static IEnumerable<string> KeysIn(FileTree tree, string directory)
    {
        IReadOnlyList<string> names = tree.List(directory);
        if (names.Count > MaxFilesOfDirectory)
        {
            // A directory of so many files is data; keys in it are looked for by their usual names.
            names = [.. names.Where(name => name.StartsWith("id_", StringComparison.Ordinal) || name.EndsWith(".key", StringComparison.Ordinal) || name.EndsWith(".pem", StringComparison.Ordinal))];
            if (names.Count > MaxFilesOfDirectory)
            {
                throw new DiskFormatException(DiskFormatErrorKind.Unsupported, FileName.ToDisplay(directory), -1, $"more than {MaxFilesOfDirectory} files that may be keys");
            }
        }

        return names.Select(name => $"{directory.TrimEnd('/')}/{name}").Where(path => IsPrivateKey(tree, path));
    }

    /// <summary>Whether a file is a private key: in PEM (RFC 7468), of OpenSSH, PuTTY, GnuPG or WireGuard. A link is not looked at: the file it leads to is.</summary>
    private static bool IsPrivateKey(FileTree tree, string path)
    {
        if (tree.LinkStat(path) is not { Kind: FileKind.Regular, Size: > 32 and < (1 << 20) })
        {
            return false;
        }

        string head = Head(tree, path);
        return (head.Contains("-----BEGIN ", StringComparison.Ordinal) && PemLabels.Any(label => head.Contains(label, StringComparison.Ordinal)))
            || head.StartsWith("PuTTY-User-Key-File-", StringComparison.Ordinal)
            || path.Contains("/private-keys-v1.d/", StringComparison.Ordinal)
            || (path.StartsWith("/etc/wireguard/", StringComparison.Ordinal) && head.Contains("PrivateKey", StringComparison.Ordinal));
    }

    // Cut apart, so that scanners for keys do not take this file for one.
    private static readonly string[] PemLabels = ["PRIVATE " + "KEY-----", "PGP PRIVATE " + "KEY BLOCK-----"];

    /// <summary>Whether a line of Kickstart (<c>rootpw</c>, <c>user</c>) or AutoYaST gives a password; a word that is no hash stands for a locked account.</summary>
    private static bool HasPassword(string line)
    {
        string[] words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        const string option = "--password=";
        const string element = "<user_password>";
        string? password = words switch
        {
            ["rootpw", ..] => words.Skip(1).LastOrDefault(word => !word.StartsWith("--", StringComparison.Ordinal)),
            ["user", ..] => words.FirstOrDefault(word => word.StartsWith(option, StringComparison.Ordinal))?[option.Length..],
            _ when line.StartsWith(element, StringComparison.Ordinal) => line[element.Length..].Split('<')[0],
            _ => null,
        };
        return password?.Trim('"', '\'') is { Length: > 0 } text && (text[0] == '$' || (!words.Contains("--iscrypted") && text[0] is not ('*' or '!')));
    }

    /// <summary>Whether a word stands on a line that is no comment.</summary>
    private static bool HasWord(string head, string word) =>
        TextLines.Of(head).Any(line => line.Text.TrimStart() is { Length: > 0 } text && text[0] is not ('#' or ';') && text.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>The first bytes of a regular file, as Latin-1 so that none are lost; empty when there is none.</summary>
    private static string Head(FileTree tree, string path)
    {
        if (tree.Stat(path) is not { Kind: FileKind.Regular, Size: > 0 } stat)
        {
            return "";
        }

        byte[] bytes = new byte[Math.Min(stat.Size, HeadBytes)];
        int count = tree.Read(path, 0, bytes);
        return Encoding.Latin1.GetString(bytes, 0, Math.Max(0, count));
    }
}
