using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Formats;

/// <summary>
/// The folder an image lies in. Parents and extents are opened through it and from nowhere else, so that an image
/// cannot make its reader open any file of the machine.
/// </summary>
internal abstract class ImageFolder
{
    /// <summary>The folder as its absolute path with forward slashes, to compare with the absolute paths images carry; empty when there is none.</summary>
    public abstract string FullPath { get; }

    /// <summary>Opens a file of the folder.</summary>
    /// <param name="path">Path below the folder: parts separated by forward slashes, none of them <c>..</c>.</param>
    /// <returns>The bytes, which the caller owns, and the time of the last change if it is known; null when there is no such file.</returns>
    /// <exception cref="IOException">The file exists and cannot be read.</exception>
    public abstract (DiskContent Content, DateTimeOffset? Changed)? TryOpen(string path);

    /// <summary>A folder without files, for bytes that have no place.</summary>
    public static ImageFolder None { get; } = new NoFolder();

    /// <summary>The folder of a local file.</summary>
    public static ImageFolder Of(string file) => new LocalFolder(Path.GetDirectoryName(Path.GetFullPath(file)) ?? "");

    private sealed class NoFolder : ImageFolder
    {
        public override string FullPath => "";

        public override (DiskContent Content, DateTimeOffset? Changed)? TryOpen(string path) => null;
    }

    private sealed class LocalFolder(string folder) : ImageFolder
    {
        public override string FullPath => folder.Replace('\\', '/');

        public override (DiskContent Content, DateTimeOffset? Changed)? TryOpen(string path)
        {
            string full = Path.Combine(folder, path.Replace('/', Path.DirectorySeparatorChar));
            return File.Exists(full) ? (FileContent.Open(full), new DateTimeOffset(File.GetLastWriteTimeUtc(full))) : null;
        }
    }
}
