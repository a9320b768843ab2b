namespace Marketplace.Requirements.Systems.Boot;

/// <summary>The boot entries of a system and the one that starts when nobody chooses.</summary>
/// <param name="Default">The default entry.</param>
/// <param name="Others">The other entries that start a kernel, in the order of the menu.</param>
internal sealed record BootMenu(BootEntry Default, IReadOnlyList<BootEntry> Others)
{
    /// <summary>The default entry of a second menu, which UEFI firmware starts instead; null when there is none, or it is the same entry.</summary>
    public BootEntry? UefiDefault { get; init; }

    /// <summary>The default entries of menus on the EFI system partition of which UEFI firmware starts one, and it cannot be told which.</summary>
    public IReadOnlyList<BootEntry> Undecided { get; init; } = [];

    /// <summary>The entries that start when nobody chooses, whatever the firmware.</summary>
    public IEnumerable<BootEntry> Defaults => UefiDefault is null ? [Default] : [Default, UefiDefault];
}
