using System.Buffers.Binary;
using System.Text;

namespace Marketplace.DiskImages.Executables;

/// <summary>VS_VERSIONINFO, as far as its numbers. Its texts are not read: those of Windows files are not kept up to date.</summary>
/// <param name="FileVersion">The version of the file.</param>
internal sealed record VersionResource(Version FileVersion)
{
    /// <param name="bytes">The resource.</param>
    /// <param name="position">Where it stands in the file.</param>
    /// <exception cref="DiskFormatException">It is none.</exception>
    public static VersionResource Parse(ReadOnlySpan<byte> bytes, long position)
    {
        int needed = ExecutableFormat.FixedInfoOffset + ExecutableFormat.FixedInfoSize;
        if (bytes.Length < needed)
        {
            throw DiskFormatException.Truncated(ExecutableFormat.VersionStructure, position, $"the resource has {bytes.Length} bytes, {needed} are needed");
        }

        ReadOnlySpan<byte> key = bytes.Slice(ExecutableFormat.VersionKeyOffset, ExecutableFormat.VersionKey.Length * sizeof(char));
        if (!key.SequenceEqual(Encoding.Unicode.GetBytes(ExecutableFormat.VersionKey)))
        {
            throw DiskFormatException.Corrupt(ExecutableFormat.VersionStructure, position + ExecutableFormat.VersionKeyOffset, "the key VS_VERSION_INFO is missing");
        }

        int length = BinaryPrimitives.ReadUInt16LittleEndian(bytes[ExecutableFormat.VersionValueLengthOffset..]);
        ReadOnlySpan<byte> info = bytes[ExecutableFormat.FixedInfoOffset..];
        if (length < ExecutableFormat.FixedInfoSize || BinaryPrimitives.ReadUInt32LittleEndian(info) != ExecutableFormat.FixedInfoSignature)
        {
            throw DiskFormatException.Corrupt(ExecutableFormat.VersionStructure, position + ExecutableFormat.FixedInfoOffset, "the signature of the version numbers is missing");
        }

        uint high = BinaryPrimitives.ReadUInt32LittleEndian(info[ExecutableFormat.FileVersionHighOffset..]);
        uint low = BinaryPrimitives.ReadUInt32LittleEndian(info[ExecutableFormat.FileVersionLowOffset..]);
        return new VersionResource(new Version((int)(high >> 16), (int)(high & 0xFFFF), (int)(low >> 16), (int)(low & 0xFFFF)));
    }
}
