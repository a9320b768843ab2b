using Marketplace.DiskImages.Trees;
using Marketplace.Requirements.Engine;

namespace Marketplace.Requirements.Systems.Software;

/// <summary>Images whose files systemd lays over /usr at boot (systemd-sysext(8)); what is in them is not read. Flatcar keeps Python and the agent there.</summary>
internal static class SystemExtensions
{
    private static readonly string[] Directories = ["/oem/sysext", "/usr/share/oem/sysext", "/etc/extensions", "/var/lib/extensions", "/usr/lib/extensions"];

    /// <summary>Does nothing when /usr is all there is to look at.</summary>
    /// <param name="tree">The files of the system.</param>
    /// <param name="what">What was looked for and not found, for example <c>Python</c>.</param>
    /// <exception cref="CannotCheckException">There is an extension, which may bring it.</exception>
    public static void ThrowIfAnyMayBring(FileTree tree, string what)
    {
        foreach (string directory in Directories)
        {
            if (tree.List(directory) is [var first, ..])
            {
                throw new CannotCheckException($"{what} is not on the file systems of the disk, but the system extension {Evidence.Quote(directory + "/" + first)}, which is not read, may bring it");
            }
        }
    }
}
