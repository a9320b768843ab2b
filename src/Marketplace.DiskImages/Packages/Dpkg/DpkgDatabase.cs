using Marketplace.DiskImages.Trees;

namespace Marketplace.DiskImages.Packages.Dpkg;

/// <summary>
/// The database of dpkg: <c>status</c> with the changes in <c>updates</c> that were not merged into it yet, and <c>status.d</c>, where
/// images without dpkg keep a file for each package.
/// </summary>
internal static class DpkgDatabase
{
    private const string StatusPath = "/var/lib/dpkg/status";
    private const string UpdatesPath = "/var/lib/dpkg/updates";
    private const string StatusDirectory = "/var/lib/dpkg/status.d";
    private const string ChecksumSuffix = ".md5sums";

    /// <summary>The installed packages.</summary>
    /// <param name="tree">The files of the system.</param>
    /// <param name="databases">Receives the paths that were found.</param>
    /// <param name="unfinished">Receives the packages that were left in the middle of an installation.</param>
    /// <exception cref="DiskFormatException">A file cannot be read or is damaged.</exception>
    public static List<InstalledPackage> Read(FileTree tree, List<string> databases, List<InstalledPackage> unfinished)
    {
        Dictionary<(string Name, string Architecture), InstalledPackage> packages = [];
        Dictionary<(string Name, string Architecture), InstalledPackage> left = [];
        if (Add(tree, StatusPath, packages, left))
        {
            databases.Add(StatusPath);

            // Names of digits only, as dpkg has it; what it has not finished writing is called otherwise.
            foreach (string update in tree.List(UpdatesPath).Where(name => name.All(char.IsAsciiDigit)))
            {
                Add(tree, $"{UpdatesPath}/{update}", packages, left);
            }
        }

        bool any = false;
        foreach (string file in tree.List(StatusDirectory).Where(name => !name.EndsWith(ChecksumSuffix, StringComparison.Ordinal)))
        {
            any |= Add(tree, $"{StatusDirectory}/{file}", packages, left);
        }

        if (any)
        {
            databases.Add(StatusDirectory);
        }

        unfinished.AddRange(left.Values);
        return [.. packages.Values];
    }

    private static bool Add(FileTree tree, string path, Dictionary<(string, string), InstalledPackage> packages, Dictionary<(string, string), InstalledPackage> unfinished)
    {
        if (tree.ReadAllText(path, PackageLimits.MaxTextBytes) is not { } text)
        {
            return false;
        }

        foreach (DpkgParagraph paragraph in DpkgParagraph.Parse(text, path))
        {
            InstalledPackage package = new(paragraph.Name, paragraph.Version, paragraph.Architecture, PackageFormat.Dpkg, path);
            if (paragraph.IsUnfinished && unfinished.Count < PackageLimits.MaxPackages)
            {
                unfinished[(paragraph.Name, paragraph.Architecture)] = package;
            }
            else
            {
                unfinished.Remove((paragraph.Name, paragraph.Architecture));
            }

            if (!paragraph.IsInstalled)
            {
                packages.Remove((paragraph.Name, paragraph.Architecture));
                continue;
            }

            packages[(paragraph.Name, paragraph.Architecture)] = package;
            if (packages.Count > PackageLimits.MaxPackages)
            {
                throw DiskFormatException.Unsupported(path, -1, $"there are more than {PackageLimits.MaxPackages} packages");
            }
        }

        return true;
    }
}
