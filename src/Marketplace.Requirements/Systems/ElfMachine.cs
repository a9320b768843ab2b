using System.Buffers.Binary;
using Marketplace.DiskImages.Trees;

namespace Marketplace.Requirements.Systems;

/// <summary>The processor the programs of a system are made for: <c>e_machine</c> of the ELF header (System V ABI, chapter 4).</summary>
internal static class ElfMachine
{
    private const int MachinePosition = 18; // e_machine
    private const ushort X64 = 62; // EM_X86_64

    private static readonly string[] Programs = ["/bin/sh", "/usr/bin/bash", "/sbin/init", "/usr/bin/env"];

    /// <summary>Whether a program every system has is made for x86-64; false when none can be found.</summary>
    public static bool IsX64(FileTree tree)
    {
        byte[] header = new byte[MachinePosition + 2];
        foreach (string path in Programs)
        {
            if (tree.Read(path, 0, header) == header.Length && header.AsSpan().StartsWith("\u007FELF"u8))
            {
                return BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(MachinePosition)) == X64;
            }
        }

        return false;
    }
}
