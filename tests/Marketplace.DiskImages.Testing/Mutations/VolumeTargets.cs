namespace Marketplace.DiskImages.Testing.Mutations;

/// <summary>Volumes told by their signatures.</summary>
internal static class VolumeTargets
{
    public static IEnumerable<MutationTarget> All => Fixture.Text("Volumes/truth.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('|')[0]).Select(name =>
        new MutationTarget($"volume-{name}", () => Fixture.Load("Volumes/" + name), (volume, meter) =>
        {
            DiskLayout.Read(volume);
            meter.Step();
        }));
}
