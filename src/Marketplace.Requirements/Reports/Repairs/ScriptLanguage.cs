using System.Globalization;

namespace Marketplace.Requirements.Reports.Repairs;

/// <summary>What differs between the languages of repair scripts.</summary>
internal abstract class ScriptLanguage
{
    /// <summary>POSIX sh, for Linux.</summary>
    public static ScriptLanguage Shell { get; } = new ShellLanguage();

    /// <summary>Windows PowerShell 5.1 and later.</summary>
    public static ScriptLanguage PowerShell { get; } = new PowerShellLanguage();

    /// <summary>The name of the file.</summary>
    public abstract string FileName { get; }

    /// <summary>What stands before the header.</summary>
    public abstract string FirstLine { get; }

    /// <summary>The functions that steps use.</summary>
    public abstract string Prelude { get; }

    /// <summary>What ends the stage of the boot menu; empty when there is nothing to do.</summary>
    public abstract string BootMenuStep { get; }

    /// <summary>Whether the repairs of a requirement are in this language.</summary>
    public abstract bool Speaks(string code);

    /// <summary>A step that fails without stopping the others.</summary>
    public abstract string Step(int number, string label, string commands);

    /// <summary>The end, which tells how it went.</summary>
    /// <param name="left">Number of findings the script does not mend.</param>
    public abstract string End(int left);

    /// <summary>The bytes of the file.</summary>
    public abstract byte[] Encode(string script);

    private static string Resource(string name)
    {
        using Stream stream = typeof(ScriptLanguage).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is not part of this assembly.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private sealed class ShellLanguage : ScriptLanguage
    {
        private static readonly string[] Parts = ["prelude.sh", "text-files.sh", "software.sh", "machine-state.sh", "kernel-line.sh"];

        public override string FileName => Model.RepairScript.ShellFileName;

        public override string FirstLine => "#!/bin/sh\n";

        public override string Prelude => string.Join('\n', Parts.Select(Resource));

        public override string BootMenuStep => "\nstep 'the boot menu' apply_kernel_arguments\n";

        // The repairs of Windows are in PowerShell; everything else is about a Linux system.
        public override bool Speaks(string code) => !code.StartsWith("MKT3", StringComparison.Ordinal);

        public override string Step(int number, string label, string commands) =>
            string.Create(CultureInfo.InvariantCulture, $"step_{number}() {{\n{commands}\n}}\nstep {ShellText.Quote(label)} step_{number}\n");

        public override string End(int left) => string.Create(CultureInfo.InvariantCulture, $"\nfinish {left}\n");

        public override byte[] Encode(string script) => ScriptText.EncodeForLinux(script);
    }

    private sealed class PowerShellLanguage : ScriptLanguage
    {
        public override string FileName => Model.RepairScript.PowerShellFileName;

        public override string FirstLine => "#Requires -RunAsAdministrator\n";

        public override string Prelude => Resource("prelude.ps1");

        public override string BootMenuStep => "";

        public override bool Speaks(string code) => code.StartsWith("MKT3", StringComparison.Ordinal);

        public override string Step(int number, string label, string commands) => $"Step {ShellText.QuotePowerShell(label)} {{\n{commands}\n}}\n";

        public override string End(int left) => string.Create(CultureInfo.InvariantCulture, $"\nComplete-Repair {left}\n");

        public override byte[] Encode(string script) => ScriptText.EncodeForWindows(script);
    }
}
