using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Formats;

/// <summary>One file of an image: the image itself, a parent of it, or an extent.</summary>
internal sealed class ImageFile
{
    /// <summary>The longest chain of parents that is followed. Hyper-V warns long before; a longer one is taken for a loop.</summary>
    public const int MaxDepth = 32;

    private readonly ImageFileSet _files;
    private readonly int _depth;

    private ImageFile(ImageFileSet files, ImageFile? child, DiskContent content, string path, DateTimeOffset? changed)
    {
        _files = files;
        _depth = child is null ? 0 : child._depth + 1;
        Child = child;
        Content = content;
        RelativePath = path;
        Changed = changed;
    }

    /// <summary>The bytes of the file.</summary>
    public DiskContent Content { get; }

    /// <summary>Path below the folder of the image; empty when the image itself has no name.</summary>
    public string RelativePath { get; }

    /// <summary>When the file was changed last; null when it is not known.</summary>
    public DateTimeOffset? Changed { get; }

    /// <summary>The file that refers to this one; null for the image itself.</summary>
    public ImageFile? Child { get; }

    /// <summary>The folder of the image.</summary>
    public ImageFolder Folder => _files.Folder;

    /// <summary>The image itself.</summary>
    public static ImageFile First(ImageFileSet files, DiskContent content, string name) => new(files, null, content, name, null);

    /// <summary>Adds something worth knowing that does not keep the disk from being read.</summary>
    /// <param name="text">One plain sentence without a final full stop.</param>
    public void Note(string text) => _files.Add(_depth == 0 ? text : $"{FileSystems.FileName.ToDisplay(RelativePath)}: {text}");

    /// <summary>The path below the folder of the image that a path written in this file means; null when it leads out of the folder.</summary>
    /// <param name="written">A relative path with forward slashes.</param>
    public string? Resolve(string written)
    {
        List<string> parts = [.. RelativePath.Split('/', StringSplitOptions.RemoveEmptyEntries)];
        if (parts.Count > 0)
        {
            parts.RemoveAt(parts.Count - 1);
        }

        foreach (string part in written.Split('/'))
        {
            switch (part)
            {
                case "" or ".":
                    break;
                case "..":
                    if (parts.Count == 0)
                    {
                        return null;
                    }

                    parts.RemoveAt(parts.Count - 1);
                    break;
                default:
                    // A drive, a stream of a file, or the end of a C string has no place in a name.
                    if (part.AsSpan().IndexOfAny(':', '\0', '\\') >= 0)
                    {
                        return null;
                    }

                    parts.Add(part);
                    break;
            }
        }

        return parts.Count == 0 ? null : string.Join('/', parts);
    }

    /// <summary>Opens a file this one refers to.</summary>
    /// <param name="path">Path below the folder of the image, as <see cref="Resolve"/> gives it.</param>
    /// <param name="structure">The structure that names it, for messages.</param>
    /// <returns>The file, which lives as long as the image; null when there is none.</returns>
    /// <exception cref="DiskFormatException">The chain comes back to a file it went through, or is too long (Corrupt).</exception>
    public ImageFile? TryOpen(string path, string structure)
    {
        for (ImageFile? file = this; file is not null; file = file.Child)
        {
            if (string.Equals(file.RelativePath, path, StringComparison.OrdinalIgnoreCase))
            {
                throw DiskFormatException.Corrupt(structure, -1, $"it leads back to '{FileSystems.FileName.ToDisplay(path)}', which it came from");
            }
        }

        if (_depth >= MaxDepth)
        {
            throw DiskFormatException.Corrupt(structure, -1, $"the chain is longer than {MaxDepth} files");
        }

        return _files.TryOpen(path) is { } opened ? new ImageFile(_files, this, opened.Content, path, opened.Changed) : null;
    }
}
