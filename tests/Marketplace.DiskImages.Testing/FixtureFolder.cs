using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Formats;

namespace Marketplace.DiskImages.Testing;

/// <summary>A folder below <c>Fixtures/</c> as the folder of an image, in memory.</summary>
/// <param name="name">For example <c>Containers/vhd/chain</c>.</param>
internal sealed class FixtureFolder(string name) : ImageFolder
{
    /// <summary>Files that stand in for those of the fixture, or beside them, by their path.</summary>
    public Dictionary<string, DiskContent> Replaced { get; } = [];

    /// <summary>The paths that were asked for, in their order.</summary>
    public List<string> Asked { get; } = [];

    public override string FullPath => "/images";

    public override (DiskContent Content, DateTimeOffset? Changed)? TryOpen(string path)
    {
        Asked.Add(path);
        return Replaced.TryGetValue(path, out DiskContent? content) ? (content, null)
            : Fixture.Exists($"{name}/{path}") ? (Fixture.Load($"{name}/{path}"), null)
            : null;
    }

    /// <summary>Opens an image of the folder.</summary>
    public DiskImage Open(string path) => Open(path, Replaced.TryGetValue(path, out DiskContent? content) ? content : Fixture.Load($"{name}/{path}"));

    /// <summary>Opens an image as if it were in the folder.</summary>
    public DiskImage Open(string path, DiskContent content) => DiskImage.Open(content, path, this);
}
