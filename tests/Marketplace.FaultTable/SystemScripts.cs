using System.Diagnostics;
using System.Reflection;

namespace Marketplace.FaultTable;

/// <summary>The scripts of <c>tests/fixtures/systems</c>, which make disks, put faults on them and run repair scripts.</summary>
internal sealed class SystemScripts(string work)
{
    private static readonly string Directory =
        typeof(SystemScripts).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "SystemsDirectory").Value!;

    /// <summary>What the last script printed.</summary>
    public string Output { get; private set; } = "";

    /// <summary>The disk that <see cref="Apply"/> makes.</summary>
    public string CaseDisk => Path.Combine(work, "store", "case.vhd");

    /// <summary>The faults of the list.</summary>
    public IReadOnlyList<Fault> List()
    {
        Require(Run("fault.sh", "list"));
        return [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Fault.Parse)];
    }

    /// <summary>Makes the disk of a system unless it is there; its path.</summary>
    public string MakeSystem(string system)
    {
        Require(Run("fault.sh", "store", work));
        string disk = Path.Combine(work, "store", system + ".vhd");
        if (!File.Exists(disk))
        {
            Console.WriteLine($"Making {system}; this takes some minutes.");
            Require(Run("make-system.sh", system, work));
        }

        return disk;
    }

    /// <summary>Makes a copy of a system's disk with faults; its path.</summary>
    public string Apply(string system, IEnumerable<string> faults)
    {
        string[] arguments = ["apply", work, system, .. faults];

        // On a machine that is very busy a loop device now and then is not ready when it is told to be.
        if (Run("fault.sh", arguments) != 0)
        {
            Console.WriteLine("      second try after: " + Output.TrimEnd().Split('\n')[^1]);
            Require(Run("fault.sh", arguments));
        }

        return CaseDisk;
    }

    /// <summary>Runs a repair script in a chroot of the system on <see cref="CaseDisk"/>; its exit code.</summary>
    public int Repair(string script) => Run("fault.sh", "repair", work, script);

    private void Require(int exitCode)
    {
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"The script ended with {exitCode}:\n{Output}");
        }
    }

    private int Run(string script, params string[] arguments)
    {
        using Process process = new()
        {
            StartInfo = new ProcessStartInfo("bash", [Path.Combine(Directory, script), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        process.Start();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Output = process.ExitCode == 0 ? output : output + errors.Result;
        return process.ExitCode;
    }
}
