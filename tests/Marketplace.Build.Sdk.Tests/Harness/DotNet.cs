using System.Diagnostics;
using System.Text;

namespace Marketplace.Build.Sdk.Tests.Harness;

/// <summary>Runs the real <c>dotnet</c>, away from everything the test host inherited.</summary>
internal static class DotNet
{
    /// <summary>The dotnet that runs the tests.</summary>
    public static string Host { get; } = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet"
        ? path
        : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? FindOnPath();

    /// <summary>Runs a command to its end and returns what it printed.</summary>
    public static async Task<BuildOutput> RunAsync(string workingDirectory, IReadOnlyDictionary<string, string?> environment, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Start(workingDirectory, environment, arguments, out var output);
        await process.WaitForExitAsync(cancellationToken);
        lock (output)
        {
            return new BuildOutput(process.ExitCode, output.ToString());
        }
    }

    /// <summary>Starts a command; what it prints is appended to <paramref name="output"/>, which is locked meanwhile.</summary>
    public static Process Start(string workingDirectory, IReadOnlyDictionary<string, string?> environment, IEnumerable<string> arguments, out StringBuilder output)
    {
        var start = new ProcessStartInfo(Host, arguments)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // A child of MSBuild or of the test platform would otherwise use their SDK, loggers and secrets.
        foreach (var name in start.Environment.Keys.Where(IsInherited).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var text = new StringBuilder();
        output = text;
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;

        void Append(string? line)
        {
            if (line is not null)
            {
                lock (text)
                {
                    text.AppendLine(line);
                }
            }
        }
    }

    private static bool IsInherited(string name) =>
        name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("AZURE_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("TESTINGPLATFORM", StringComparison.OrdinalIgnoreCase)
        || name is "DOTNET_HOST_PATH" or "DOTNET_CLI_CONTEXT_VERBOSE" or "CI";

    private static string FindOnPath() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(directory => Path.Combine(directory, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"))
            .First(File.Exists);
}
