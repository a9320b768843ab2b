using System;
using System.ComponentModel;
using System.IO;
using System.IO.Compression;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

/// <summary>
/// Writes the disks that <c>tests/fixtures/pack-sparse.py</c> packed (its header tells the format) as sparse files.
/// A packed delta is the same thing: its pages go on top of those of its base.
/// Compiled both into tests and, by MSBuild, as the inline task below: plain .NET Standard 2.0, one file.
/// </summary>
public static class SparseDisk
{
    /// <summary>Pages are joined into runs of at most 1 MiB; one page more is let through.</summary>
    private const int MaxRun = (1 << 20) + 4096;

    /// <summary>The largest VHD that Azure takes is 32 TiB and a footer.</summary>
    private const long MaxLength = (32L << 40) + 512;

    private const ulong EndOfRuns = ulong.MaxValue;

    /// <summary>Expands a packed disk, and packed deltas on top of it, into a sparse file.</summary>
    /// <param name="destination">The file to make; one that is there is replaced once the new one is whole.</param>
    /// <param name="packed">The packed disk, then deltas in order.</param>
    /// <exception cref="InvalidDataException">A packed file is damaged.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static void Expand(string destination, params string[] packed)
    {
        string partial = destination + ".partial";
        try
        {
            using (FileStream file = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                MarkSparse(file.SafeFileHandle);
                foreach (string name in packed)
                {
                    Apply(name, file);
                }
            }

            File.Delete(destination);
            File.Move(partial, destination);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static void Apply(string name, FileStream file)
    {
        using (FileStream compressed = new FileStream(name, FileMode.Open, FileAccess.Read, FileShare.Read))
        using (GZipStream stream = new GZipStream(compressed, CompressionMode.Decompress))
        {
            byte[] run = new byte[MaxRun];
            Fill(stream, run, 16, name);
            if (System.Text.Encoding.ASCII.GetString(run, 0, 8) != "MKSPARSE")
            {
                throw new InvalidDataException(name + " is not a packed disk.");
            }

            long length = BitConverter.ToInt64(run, 8);
            if (length < 0 || length > MaxLength)
            {
                throw new InvalidDataException(name + " tells a length of " + length + " bytes.");
            }

            file.SetLength(length);
            while (true)
            {
                Fill(stream, run, 8, name);
                ulong offset = BitConverter.ToUInt64(run, 0);
                if (offset == EndOfRuns)
                {
                    return;
                }

                Fill(stream, run, 4, name);
                uint count = BitConverter.ToUInt32(run, 0);
                if (count > MaxRun || offset > (ulong)length || count > (ulong)length - offset)
                {
                    throw new InvalidDataException(name + " holds a run of " + count + " bytes at " + offset + ", the disk has " + length + ".");
                }

                Fill(stream, run, (int)count, name);
                file.Position = (long)offset;
                file.Write(run, 0, (int)count);
            }
        }
    }

    private static void Fill(Stream stream, byte[] buffer, int count, string name)
    {
        int done = 0;
        while (done < count)
        {
            int read = stream.Read(buffer, done, count - done);
            if (read == 0)
            {
                throw new InvalidDataException(name + " ends too early.");
            }

            done += read;
        }
    }

    // NTFS writes zeros up to each run unless the file is marked; other file systems leave holes by themselves.
    private static void MarkSparse(SafeFileHandle handle)
    {
        const uint FsctlSetSparse = 0x900C4;
        if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows)
            && !DeviceIoControl(handle, FsctlSetSparse, IntPtr.Zero, 0, IntPtr.Zero, 0, out _, IntPtr.Zero))
        {
            throw new IOException("The volume holds no sparse files.", new Win32Exception(Marshal.GetLastWin32Error()));
        }
    }

    [DllImport("kernel32.dll", SetLastError = true, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern bool DeviceIoControl(
        SafeFileHandle device, uint controlCode, IntPtr input, uint inputSize, IntPtr output, uint outputSize, out uint returned, IntPtr overlapped);
}

#if !SPARSE_DISK_LIBRARY
/// <summary>Expands a packed disk of a sample.</summary>
public sealed class ExpandSparseDisk : Microsoft.Build.Utilities.Task
{
    /// <summary>The packed disk, then deltas in order.</summary>
    [Microsoft.Build.Framework.Required]
    public string[] Sources { get; set; } = new string[0];

    /// <summary>The sparse file to make.</summary>
    [Microsoft.Build.Framework.Required]
    public string Destination { get; set; } = "";

    /// <inheritdoc />
    public override bool Execute()
    {
        try
        {
            SparseDisk.Expand(Destination, Sources);
            return true;
        }
        catch (Exception e) when (e is IOException || e is InvalidDataException || e is UnauthorizedAccessException)
        {
            Log.LogError("The disk {0} cannot be expanded: {1}", Destination, e.Message);
            return false;
        }
    }
}
#endif
