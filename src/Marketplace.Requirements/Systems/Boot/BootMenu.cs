namespace Marketplace.Requirements.Systems.Boot;

/// <summary>The boot entries of a system and the one that starts when nobody chooses.</summary>
/// <param name="Default">The default entry.</param>
/// <param name="Others">The other entries that start a kernel, in the order of the menu.</param>
internal sealed record BootMenu(BootEntry Default, IReadOnlyList<BootEntry> Others);
