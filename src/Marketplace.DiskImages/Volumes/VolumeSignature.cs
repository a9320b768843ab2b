namespace Marketplace.DiskImages.Volumes;

/// <summary>What the signature of a volume tells.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Uuid">The identifier as <c>fstab</c> writes it; empty when there is none.</param>
/// <param name="Label">The label; empty when there is none.</param>
internal readonly record struct VolumeSignature(VolumeKind Kind, string Uuid = "", string Label = "");
