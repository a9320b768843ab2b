namespace Marketplace.DiskImages.Formats;

/// <summary>What the paths that Windows tools write into a child mean inside the folder of the image.</summary>
internal static class ParentName
{
    /// <summary>The path below the folder of the image for a relative Windows path; null when it leads out of it.</summary>
    public static string? FromRelative(ImageFile file, string path) => file.Resolve(path.Replace('\\', '/'));

    /// <summary>
    /// The file beside the child that has the name an absolute path or a URL ends with. The folder it names is another one or
    /// of another machine; the identifier of the parent says whether it is the right file.
    /// </summary>
    public static string? FromAbsolute(ImageFile file, string path) => file.Resolve(path.Replace('\\', '/').Split('/')[^1]);
}
