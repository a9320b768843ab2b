using Marketplace.DiskImages.Executables;
using Marketplace.DiskImages.Registry;

namespace Marketplace.Requirements.Systems.Windows;

/// <summary>Which processors a system says it is for.</summary>
/// <param name="Kernel">What ntoskrnl.exe is made for; null when it is missing, or no program.</param>
/// <param name="Variable">PROCESSOR_ARCHITECTURE of the system environment; null when missing.</param>
/// <param name="BuildLab">BuildLabEx; empty when missing.</param>
/// <param name="HasSysWow64">Whether there is the directory for programs of 32 bits, which only systems of 64 bits have.</param>
internal sealed record Architecture(ExecutableMachine? Kernel, string? Variable, string BuildLab, bool HasSysWow64)
{
    /// <summary>Path of the kernel.</summary>
    public const string KernelPath = "/Windows/System32/ntoskrnl.exe";

    /// <summary>The value of the environment variable, as people write it.</summary>
    public const string VariablePath = @"HKLM\SYSTEM\CurrentControlSet\" + Key + @"\PROCESSOR_ARCHITECTURE";

    private const string Key = @"Control\Session Manager\Environment";

    /// <summary>Whether the kernel is for 64 bits; null when it cannot be told.</summary>
    public bool? KernelIs64Bit => Kernel is null ? null : Kernel is ExecutableMachine.X64 or ExecutableMachine.Arm64 or ExecutableMachine.Itanium;

    /// <summary>Whether the environment says 64 bits; null when it says nothing.</summary>
    public bool? VariableIs64Bit => Variable is null ? null : Variable.Contains("64", StringComparison.Ordinal);

    /// <summary>Whether the build was made for 64 bits; null when it is not said.</summary>
    public bool? BuildIs64Bit =>
        BuildLab.Contains("amd64", StringComparison.OrdinalIgnoreCase) || BuildLab.Contains("arm64", StringComparison.OrdinalIgnoreCase) ? true
        : BuildLab.Contains(".x86", StringComparison.OrdinalIgnoreCase) ? false
        : null;

    /// <summary>Reads all of it.</summary>
    public static Architecture Read(WindowsSystem system)
    {
        RegistryKey? environment = system.FindControl(Key);
        return new Architecture(ReadKernel(system), environment.Text("PROCESSOR_ARCHITECTURE")?.Trim(), system.Version.BuildLab, system.Tree.DirectoryExists("/Windows/SysWOW64"));
    }

    private static ExecutableMachine? ReadKernel(WindowsSystem system)
    {
        if (system.Tree.Stat(KernelPath) is not { Size: > 0 } || ReadStart(system) is not [(byte)'M', (byte)'Z', .., not 0])
        {
            return null;
        }

        return PortableExecutable.Open(system.Tree, KernelPath)?.Machine;
    }

    // A file that only has the name is no kernel, and tells nothing; one whose header is damaged is an error.
    private static byte[] ReadStart(WindowsSystem system)
    {
        byte[] start = new byte[61]; // through the low byte of e_lfanew
        return system.Tree.Read(KernelPath, 0, start) == start.Length ? start : [];
    }
}
