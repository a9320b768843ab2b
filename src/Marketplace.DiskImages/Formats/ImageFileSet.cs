using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.Formats;

/// <summary>The files an image is made of, beside itself, and what was noted while they were opened. Owns the files it opened.</summary>
/// <param name="folder">The folder of the image.</param>
internal sealed class ImageFileSet(ImageFolder folder) : IDisposable
{
    /// <summary>More files than any disk of one image has: 2 TiB in extents of 2 GiB are 1024.</summary>
    private const int MaxFiles = 2048;

    /// <summary>Notes kept; the same few are repeated after that.</summary>
    private const int MaxNotes = 64;

    private readonly List<DiskContent> _opened = [];
    private readonly List<string> _notes = [];

    /// <summary>The folder of the image.</summary>
    public ImageFolder Folder => folder;

    /// <summary>What was noted, in plain sentences.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Adds a note.</summary>
    public void Add(string note)
    {
        if (_notes.Count < MaxNotes && !_notes.Contains(note))
        {
            _notes.Add(note);
        }
    }

    /// <summary>Opens a file of the folder, for as long as this set lives; null when there is none.</summary>
    public (DiskContent Content, DateTimeOffset? Changed)? TryOpen(string path)
    {
        if (_opened.Count >= MaxFiles)
        {
            throw DiskFormatException.Unsupported("disk image", -1, $"it is made of more than {MaxFiles} files");
        }

        (DiskContent Content, DateTimeOffset? Changed)? opened = folder.TryOpen(path);
        if (opened is { } file)
        {
            _opened.Add(file.Content);
        }

        return opened;
    }

    public void Dispose()
    {
        foreach (DiskContent content in _opened)
        {
            content.Dispose();
        }

        _opened.Clear();
    }
}
