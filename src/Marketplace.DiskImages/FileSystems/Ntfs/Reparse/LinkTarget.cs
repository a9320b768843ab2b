using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Ntfs.Reparse;

/// <summary>The targets of links, with <c>/</c> between names as this library has paths.</summary>
internal static class LinkTarget
{
    private const int MountPointPathOffset = 8;
    private const int SymbolicLinkPathOffset = 12;
    private const uint LxVersion = 2;

    /// <summary>The target of a link.</summary>
    /// <param name="reparse">A link of Windows or of WSL.</param>
    /// <param name="driveLetter">The letter Windows gives the volume; null when it is not known.</param>
    /// <returns>
    /// A path relative to the directory of the link, or from the root of the volume. A target on another volume, or on one whose
    /// letter is not known to be this one, is given as it is on the disk (<c>\??\D:\x</c>), where it leads to no file.
    /// </returns>
    /// <exception cref="DiskFormatException">The reparse point is damaged.</exception>
    public static string Read(ReparsePoint reparse, char? driveLetter)
    {
        if (reparse.Tag == ReparseFormat.LxSymbolicLink)
        {
            return ReadLx(reparse);
        }

        ReadOnlySpan<byte> data = reparse.Data.Span;
        bool isMountPoint = reparse.Tag == ReparseFormat.MountPoint;
        int start = isMountPoint ? MountPointPathOffset : SymbolicLinkPathOffset;
        if (data.Length < start)
        {
            throw Corrupt(reparse, $"the data have {data.Length} bytes");
        }

        int offset = BinaryPrimitives.ReadUInt16LittleEndian(data);
        int length = BinaryPrimitives.ReadUInt16LittleEndian(data[2..]);
        if (length == 0 || length % sizeof(char) != 0 || offset > data.Length - start - length)
        {
            throw Corrupt(reparse, $"the target of {length} bytes at {offset} is not inside the {data.Length - start} bytes of names");
        }

        string target = NtfsName.Read(data.Slice(start + offset, length));
        if (target.AsSpan().ContainsAny('\0', '/'))
        {
            throw Corrupt(reparse, "the target has a character that no path of Windows has");
        }

        bool isRelative = !isMountPoint && (BinaryPrimitives.ReadUInt32LittleEndian(data[8..]) & ReparseFormat.LinkIsRelative) != 0;
        return NtfsName.ToFileName(isRelative ? target.Replace('\\', '/') : OnVolume(target, driveLetter));
    }

    private static string OnVolume(string target, char? driveLetter)
    {
        const string NtPrefix = @"\??\";
        ReadOnlySpan<char> path = target.StartsWith(NtPrefix, StringComparison.Ordinal) ? target.AsSpan(NtPrefix.Length) : target;
        bool isHere = driveLetter is { } letter && path.Length >= 2 && char.ToUpperInvariant(path[0]) == letter && path[1] == ':' && (path.Length == 2 || path[2] == '\\');
        return !isHere ? target
            : path.Length <= 3 ? "/"
            : path[2..].ToString().Replace('\\', '/');
    }

    private static string ReadLx(ReparsePoint reparse)
    {
        ReadOnlySpan<byte> data = reparse.Data.Span;
        if (data.Length <= sizeof(uint) || BinaryPrimitives.ReadUInt32LittleEndian(data) != LxVersion || data[sizeof(uint)..].Contains((byte)0))
        {
            throw Corrupt(reparse, "the link of WSL has no version 2 and target");
        }

        return FileName.Decode(data[sizeof(uint)..]);
    }

    private static DiskFormatException Corrupt(ReparsePoint reparse, string detail) => DiskFormatException.Corrupt(reparse.Structure, reparse.Position, detail);
}
