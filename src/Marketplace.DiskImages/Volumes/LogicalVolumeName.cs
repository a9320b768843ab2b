namespace Marketplace.DiskImages.Volumes;

/// <summary>The name of a logical volume of LVM2.</summary>
/// <param name="Group">Name of the volume group.</param>
/// <param name="Name">Name of the logical volume in the group.</param>
public sealed record LogicalVolumeName(string Group, string Name)
{
    /// <summary>The name of the device in <c>/dev/mapper</c>: both names, each hyphen in them doubled, with a hyphen between.</summary>
    public string MapperName => $"{Group.Replace("-", "--", StringComparison.Ordinal)}-{Name.Replace("-", "--", StringComparison.Ordinal)}";

    /// <summary>As LVM writes it: <c>group/name</c>.</summary>
    public override string ToString() => $"{Group}/{Name}";
}
