using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Testing;

namespace Benchmarks;

/// <summary>Packed images as files that can be opened and mounted.</summary>
internal static class ImageFile
{
    /// <summary>Expands an image into a sparse file, unless it is there from an earlier run.</summary>
    /// <param name="path">The file.</param>
    /// <param name="load">Loads the image.</param>
    public static void Expand(string path, Func<MemoryContent> load)
    {
        if (File.Exists(path))
        {
            return;
        }

        MemoryContent image = load();
        string unfinished = path + ".part";
        using (FileStream file = File.Create(unfinished))
        {
            file.SetLength(image.Length);
            foreach (Extent extent in image.GetAllocatedExtents())
            {
                file.Position = extent.Offset;
                for (long offset = extent.Offset; offset < extent.End; offset += MemoryContent.PageSize)
                {
                    file.Write(image.ReadBytes(offset, (int)Math.Min(MemoryContent.PageSize, extent.End - offset)));
                }
            }
        }

        File.Move(unfinished, path);
    }

    /// <summary>The root of the repository, which has the images that are no fixtures of the tests.</summary>
    public static string Repository { get; } = FindRepository();

    private static string FindRepository()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Directory.Exists(Path.Combine(folder.FullName, "samples")) && Directory.Exists(Path.Combine(folder.FullName, "tests")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("The program is not inside its repository.");
    }
}
