using Marketplace.DiskImages.Formats;

namespace Marketplace.DiskImages.Testing.Mutations;

/// <summary>Disk image files: recognised, and their footers judged.</summary>
internal static class FormatTargets
{
    public static IEnumerable<MutationTarget> All => ((string[])["fixed.vhd", "dynamic.vhd", "disk.vhdx"]).Select(name =>
        new MutationTarget($"format-{name}", () => Fixture.Load("Formats/" + name), (file, meter) =>
        {
            using DiskImage image = DiskImage.Open(file);
            image.Footer?.FindProblems(image.FileLength);
            RawDiskHint.Find(image.File);
            meter.Step();
        })
        {
            Regions = image => [new(0, 512), new(image.Length - 512, 512)],
        });
}
