using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.FileSystems;
using Marketplace.DiskImages.Packages.Rpm.BerkeleyDb;
using Marketplace.DiskImages.Packages.Rpm.Ndb;
using Marketplace.DiskImages.Packages.Rpm.Sqlite;
using Marketplace.DiskImages.Trees;

namespace Marketplace.DiskImages.Packages.Rpm;

/// <summary>The database of RPM, wherever it is and whatever keeps it.</summary>
internal static class RpmDatabase
{
    /// <summary>Where distributions keep it: new ones, old ones, and those on ostree. One is often a link to another.</summary>
    private static readonly string[] Directories = ["/usr/lib/sysimage/rpm", "/var/lib/rpm", "/usr/share/rpm"];

    private static readonly string[] FileNames = ["rpmdb.sqlite", "Packages.db", "Packages"];

    /// <summary>The installed packages.</summary>
    /// <param name="tree">The files of the system.</param>
    /// <param name="databases">Receives the paths that were found.</param>
    /// <exception cref="DiskFormatException">A database cannot be read or is damaged, or there are two that differ (Unsupported).</exception>
    public static IReadOnlyList<InstalledPackage> Read(FileTree tree, List<string> databases)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        List<InstalledPackage> packages = [];
        foreach (string path in Directories.SelectMany(directory => FileNames.Select(name => $"{directory}/{name}")))
        {
            if (tree.Stat(path) is not { Kind: FileKind.Regular } stat || !seen.Add(stat.Path) || TreeFileContent.Open(tree, path) is not { } content)
            {
                continue;
            }

            // SQLite looks for its logs beside the file itself, not beside a link to it.
            databases.Add(path);
            List<InstalledPackage> found = Read(content, path, suffix => TreeFileContent.Open(tree, stat.Path + suffix));
            if (packages.Count > 0 && found.Count > 0)
            {
                // Which one RPM uses is a setting of its build.
                throw DiskFormatException.Unsupported(path, -1, $"there is another RPM database with packages, {packages[0].Database}");
            }

            packages = found.Count > 0 ? found : packages;
        }

        return packages;
    }

    /// <summary>Reads a database, its kind chosen by its first bytes.</summary>
    /// <param name="content">The database file.</param>
    /// <param name="path">Its path.</param>
    /// <param name="openBeside">Opens the file of that name and a suffix, or gives null.</param>
    /// <exception cref="DiskFormatException">It cannot be read or is damaged.</exception>
    public static List<InstalledPackage> Read(DiskContent content, string path, Func<string, DiskContent?> openBeside)
    {
        byte[] start = new byte[(int)Math.Min(content.Length, 16)];
        content.Read(0, start);
        DiskContent? wal = SqliteFormat.IsDatabase(start) || content.Length == 0 ? openBeside("-wal") : null;
        IEnumerable<BlobPrefix> headers = SqliteFormat.IsDatabase(start) || wal is { Length: > 0 } ? SqlitePackages.ReadHeaders(content, wal, openBeside("-journal"))
            : NdbFormat.IsDatabase(start) ? NdbPackages.ReadHeaders(content)
            : BerkeleyHashFormat.IsDatabase(start) ? BerkeleyPackages.ReadHeaders(content)
            : throw DiskFormatException.Corrupt(path, 0, "the file is no database of SQLite, Berkeley DB (hash) or RPM's own kind (ndb)");
        List<InstalledPackage> packages = [];
        foreach (BlobPrefix header in headers)
        {
            using (header)
            {
                packages.Add(RpmHeader.Read(header, path));
            }

            if (packages.Count > PackageLimits.MaxPackages)
            {
                throw DiskFormatException.Unsupported(path, -1, $"there are more than {PackageLimits.MaxPackages} packages");
            }
        }

        return packages;
    }
}
