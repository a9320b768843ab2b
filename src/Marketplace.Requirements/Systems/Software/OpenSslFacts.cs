using System.Text.RegularExpressions;
using Marketplace.DiskImages.Packages;
using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems.Software;

/// <summary>The program openssl of a system.</summary>
/// <param name="Version">Its version, for example <c>3.0.11</c> or <c>1.1.1k</c>; null when it is there but does not tell.</param>
/// <param name="Path">Where the version was found.</param>
internal sealed partial record OpenSslFacts(string? Version, string Path)
{
    private static readonly string[] Programs = ["/usr/bin/openssl", "/usr/local/bin/openssl", "/bin/openssl"];

    private static readonly string[] Libraries =
        ["/usr/lib64/libcrypto.so.*", "/usr/lib/*-linux-gnu/libcrypto.so.*", "/usr/lib/libcrypto.so.*", "/lib64/libcrypto.so.*", "/lib/libcrypto.so.*"];

    /// <summary>Reads the version from the package, else from what the library says of itself; null when there is no openssl.</summary>
    /// <param name="tree">The files of the system.</param>
    /// <param name="packages">The packages of the system; null when it has no database.</param>
    public static OpenSslFacts? Read(FileTree tree, InstalledPackages? packages)
    {
        if (FindPackage(packages) is { } package)
        {
            return new OpenSslFacts(package.UpstreamVersion, package.Database);
        }

        if (Programs.FirstOrDefault(tree.FileExists) is not { } program)
        {
            return null;
        }

        // Newer programs say it themselves, all of them use the newest library.
        foreach (string path in Libraries.SelectMany(pattern => Glob.Expand(tree, pattern).OrderDescending(Comparer<string>.Create(RpmVersion.ComparePart))).Append(program))
        {
            if (ProgramText.Find(tree, path, VersionText()) is { } match)
            {
                return new OpenSslFacts(match.Groups[1].Value, path);
            }
        }

        return new OpenSslFacts(null, program);
    }

    /// <summary>The package everyone calls openssl; where SUSE has only those of single versions (openssl-3, openssl-1_1), the newest.</summary>
    private static InstalledPackage? FindPackage(InstalledPackages? packages) =>
        packages?.Find("openssl") is [var package, ..] ? package
        : packages?.All.Where(installed => VersionedName().IsMatch(installed.Name)).MaxBy(installed => installed.Version, Comparer<string>.Create(RpmVersion.Compare));

    [GeneratedRegex("^openssl-[0-9][0-9_]*$", RegexOptions.CultureInvariant)]
    private static partial Regex VersionedName();

    // For example "OpenSSL 3.0.11 19 Sep 2023" and "OpenSSL 1.0.2k-fips  26 Jan 2017".
    [GeneratedRegex(@"OpenSSL ([0-9]{1,2}\.[0-9]{1,2}\.[0-9]{1,3}[a-z]{0,2})(?:-[a-z0-9]{1,8})? {1,2}[0-9]{1,2} [A-Z][a-z]{2} [0-9]{4}", RegexOptions.CultureInvariant)]
    private static partial Regex VersionText();
}
