using System.Diagnostics;
using System.Text;
using Marketplace.Requirements.Model;

namespace Marketplace.Requirements.Tests.Repairs;

/// <summary>Runs texts of the repair script in the system's shell.</summary>
internal static class Shell
{
    /// <summary>The functions of the script that work on files they are given, with a scratch directory.</summary>
    public static string Functions => string.Join('\n', ((string[])["text-files.sh", "machine-state.sh", "kernel-line.sh"]).Select(Resource).Prepend("have() { command -v \"$1\" > /dev/null 2>&1; }\nset -u"));

    /// <summary>What the text writes to standard output and error.</summary>
    /// <param name="script">The text.</param>
    /// <param name="arguments">Arguments of the shell.</param>
    public static string Run(string script, params string[] arguments)
    {
        using Process process = new()
        {
            StartInfo = new ProcessStartInfo("sh", arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardInputEncoding = new UTF8Encoding(false),
                StandardOutputEncoding = new UTF8Encoding(false),
            },
        };
        process.Start();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(script.Replace("\0", "", StringComparison.Ordinal));
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output + errors.Result;
    }

    private static string Resource(string name)
    {
        using StreamReader reader = new(typeof(RepairScript).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
