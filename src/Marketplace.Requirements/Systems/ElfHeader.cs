using System.Buffers.Binary;

namespace Marketplace.Requirements.Systems;

/// <summary>What the header of a program tells of the processor it is made for (System V ABI, chapter 4, ELF Header).</summary>
/// <param name="Is64Bit">Whether <c>EI_CLASS</c> is <c>ELFCLASS64</c>.</param>
/// <param name="Machine"><c>e_machine</c>.</param>
internal readonly record struct ElfHeader(bool Is64Bit, ushort Machine)
{
    /// <summary>Bytes of a file that <see cref="Parse"/> needs.</summary>
    public const int Length = MachinePosition + 2;

    /// <summary>EM_X86_64.</summary>
    public const ushort X64 = 62;

    /// <summary>EM_AARCH64.</summary>
    public const ushort Arm64 = 183;

    private const int ClassPosition = 4; // EI_CLASS
    private const int DataPosition = 5; // EI_DATA
    private const int MachinePosition = 18; // e_machine
    private const byte Class64 = 2; // ELFCLASS64
    private const byte BigEndian = 2; // ELFDATA2MSB

    /// <summary>Reads the header; null when the file is no ELF file.</summary>
    /// <param name="start">The first bytes of the file.</param>
    public static ElfHeader? Parse(ReadOnlySpan<byte> start)
    {
        if (start.Length < Length || !start.StartsWith("\u007FELF"u8))
        {
            return null;
        }

        ReadOnlySpan<byte> machine = start[MachinePosition..];
        return new ElfHeader(
            start[ClassPosition] == Class64,
            start[DataPosition] == BigEndian ? BinaryPrimitives.ReadUInt16BigEndian(machine) : BinaryPrimitives.ReadUInt16LittleEndian(machine));
    }

    /// <summary>The processor in words.</summary>
    public string Describe() => (Machine, Is64Bit) switch
    {
        (X64, true) => "x86-64",
        (X64, false) => "x32, the 32-bit interface of x86-64",
        (Arm64, true) => "arm64",
        (3, _) => "32-bit x86", // EM_386
        (40, _) => "32-bit Arm", // EM_ARM
        _ => $"another processor (ELF machine {Machine}, {(Is64Bit ? 64 : 32)} bits)",
    };
}
