using Marketplace.DiskImages;
using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems.Accounts;

/// <summary>The directories people keep their files in: those of /etc/passwd, /root, and whatever is left in /home.</summary>
internal static class HomeDirectories
{
    private const int MaxDirectories = 2048;

    // Directories of the system that service accounts name as their home, and places that exist on a running system only.
    private static readonly string[] NotHomes = ["", "/", "/bin", "/sbin", "/usr/bin", "/usr/sbin", "/dev", "/proc", "/sys", "/run", "/nonexistent"];

    /// <summary>The directories that exist, each once.</summary>
    /// <exception cref="DiskFormatException">There are more than are looked at: what is left out must not pass.</exception>
    public static IReadOnlyList<string> Find(FileTree tree, IReadOnlyList<Account> accounts)
    {
        IEnumerable<string> homes = accounts.Select(account => Normalize(account.Home))
            .Append("/root")
            .Concat(tree.List("/home").Select(name => "/home/" + name))
            .Distinct(StringComparer.Ordinal)
            .Where(path => path.StartsWith('/') && !NotHomes.Contains(path))
            .Take(MaxDirectories + 1);
        string[] candidates = [.. homes];
        return candidates.Length <= MaxDirectories
            ? [.. candidates.Where(tree.DirectoryExists)]
            : throw new DiskFormatException(DiskFormatErrorKind.Unsupported, "/home", -1, $"more than {MaxDirectories} home directories");
    }

    /// <summary>The path without a slash at its end.</summary>
    public static string Normalize(string path) => path.Trim().TrimEnd('/');
}
