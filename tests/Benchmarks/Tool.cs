using System.Diagnostics;

namespace Benchmarks;

/// <summary>Another program, run to its end.</summary>
internal static class Tool
{
    /// <summary>Runs a program of the path.</summary>
    /// <returns>What it printed.</returns>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static string Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {errors.Result}");
    }

    /// <summary>Runs this program again, as a process of its own.</summary>
    public static string RunSelf(params string[] arguments) => Run(Environment.ProcessPath!, arguments);
}
