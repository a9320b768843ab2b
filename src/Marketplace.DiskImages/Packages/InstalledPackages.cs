using Marketplace.DiskImages.Packages.Dpkg;
using Marketplace.DiskImages.Packages.Rpm;
using Marketplace.DiskImages.Trees;

namespace Marketplace.DiskImages.Packages;

/// <summary>
/// The packages of a Linux system, from the databases of dpkg and RPM (Berkeley DB, SQLite and ndb), read by ranges and without their tools.
/// </summary>
public sealed class InstalledPackages
{
    private readonly Dictionary<string, List<InstalledPackage>> _byName = new(StringComparer.Ordinal);

    private InstalledPackages(IReadOnlyList<InstalledPackage> packages, IReadOnlyList<string> databases, IReadOnlyList<InstalledPackage> unfinished)
    {
        All = packages;
        Databases = databases;
        Unfinished = unfinished;
        foreach (InstalledPackage package in packages)
        {
            if (!_byName.TryGetValue(package.Name, out List<InstalledPackage>? same))
            {
                _byName.Add(package.Name, same = []);
            }

            same.Add(package);
        }
    }

    /// <summary>The packages in the order of their databases.</summary>
    public IReadOnlyList<InstalledPackage> All { get; }

    /// <summary>Paths of the databases that were found; a database may be empty.</summary>
    public IReadOnlyList<string> Databases { get; }

    /// <summary>The packages dpkg left in the middle of an installation; none of them is in <see cref="All"/>. RPM keeps no such state.</summary>
    public IReadOnlyList<InstalledPackage> Unfinished { get; }

    /// <summary>
    /// Reads the packages of a system: dpkg in <c>/var/lib/dpkg</c>, RPM in <c>/usr/lib/sysimage/rpm</c>, <c>/var/lib/rpm</c> and
    /// <c>/usr/share/rpm</c>, the kind of its database chosen by its first bytes.
    /// </summary>
    /// <param name="tree">The files of the system.</param>
    /// <returns>The packages, or null when the system has no database.</returns>
    /// <exception cref="DiskFormatException">
    /// A database cannot be read, is damaged, or was left in the middle of a change that is not replayed here.
    /// </exception>
    public static InstalledPackages? Read(FileTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        List<string> databases = [];
        List<InstalledPackage> unfinished = [];
        List<InstalledPackage> packages = [.. DpkgDatabase.Read(tree, databases, unfinished), .. RpmDatabase.Read(tree, databases)];
        return databases.Count > 0 ? new InstalledPackages(packages, databases, unfinished) : null;
    }

    /// <summary>The packages of that name: several when it is installed for more than one architecture or, with RPM, in more than one version.</summary>
    /// <param name="name">The name, in its case.</param>
    public IReadOnlyList<InstalledPackage> Find(string name) => _byName.TryGetValue(name, out List<InstalledPackage>? found) ? found : [];
}
