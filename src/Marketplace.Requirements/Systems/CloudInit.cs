using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems;

/// <summary>Whether cloud-init provisions the machine.</summary>
/// <param name="IsInstalled">Whether the program is there.</param>
/// <param name="IsDisabled">Whether /etc/cloud/cloud-init.disabled switches it off.</param>
internal sealed record CloudInit(bool IsInstalled, bool IsDisabled)
{
    /// <summary>Whether it provisions.</summary>
    public bool Provisions => IsInstalled && !IsDisabled;

    /// <summary>Looks for cloud-init.</summary>
    public static CloudInit Read(FileTree tree) => new(
        ((string[])["/usr/bin/cloud-init", "/usr/local/bin/cloud-init", "/usr/sbin/cloud-init"]).Any(tree.FileExists),
        tree.Stat("/etc/cloud/cloud-init.disabled") is not null);
}
