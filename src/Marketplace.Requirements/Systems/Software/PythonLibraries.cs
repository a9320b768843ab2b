using Marketplace.DiskImages.Packages;
using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems.Software;

/// <summary>Where Python looks for modules that are not its own: <c>site-packages</c>, on Debian and Ubuntu <c>dist-packages</c> (module site of Python).</summary>
internal static class PythonLibraries
{
    // More interpreters are no real system.
    private const int MaxDirectories = 16;

    // Python looks into /usr/local first.
    private static readonly string[] Libraries = ["/usr/local/lib", "/usr/local/lib64", "/usr/lib", "/usr/lib64", "/usr/share/oem/python/lib", "/usr/share/oem/python/lib64"];

    /// <summary>The directories in the order a program meets them, those of newer interpreters first; they need not exist.</summary>
    /// <param name="tree">The files of the system.</param>
    /// <returns>The directory, and the interpreter it is for: <c>3.11</c>, or <c>3</c> for all of Python 3.</returns>
    public static IEnumerable<(string Directory, string Interpreter)> Find(FileTree tree)
    {
        const string prefix = "python";
        foreach (string library in Libraries)
        {
            foreach (string python in tree.List(library).Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).OrderDescending(Comparer<string>.Create(RpmVersion.ComparePart)).Take(MaxDirectories))
            {
                yield return ($"{library}/{python}/dist-packages", python[prefix.Length..]);
                yield return ($"{library}/{python}/site-packages", python[prefix.Length..]);
            }
        }
    }
}
