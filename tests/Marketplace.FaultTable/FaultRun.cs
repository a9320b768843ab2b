using Marketplace.Requirements.Model;

namespace Marketplace.FaultTable;

/// <summary>Goes through the faults of one system and prints a row for each.</summary>
internal sealed class FaultRun(SystemScripts scripts, string system, bool repair, string work)
{
    private readonly string _script = Path.Combine(work, RepairScript.ShellFileName);

    /// <summary>Number of rows that are not as they should be.</summary>
    public int Wrong { get; private set; }

    /// <summary>Number of faults that were put on.</summary>
    public int Faults { get; private set; }

    /// <summary>Number of faults that the repair script mended.</summary>
    public int Repaired { get; private set; }

    /// <summary>Validates the system as it was made; whether nothing was found.</summary>
    public bool CheckBase(string disk)
    {
        ValidationReport report = SystemCheck.Validate(disk, system);
        bool clean = report.Diagnostics.Count == 0;
        Row(system, clean ? "" : "EXTRA", SystemCheck.Found(report));
        if (!clean)
        {
            Console.WriteLine(SystemCheck.Describe(report));
        }

        return clean;
    }

    /// <summary>Puts one fault on a copy and validates it.</summary>
    public void Check(Fault fault)
    {
        Faults++;
        ValidationReport report = SystemCheck.Validate(scripts.Apply(system, [fault.Name]), system);
        IReadOnlyList<string> found = SystemCheck.Found(report);
        string[] missed = [.. fault.Missed(found)];
        string[] extra = [.. fault.Extra(found)];
        string verdict = (missed.Length > 0 ? "MISS " + string.Join(' ', missed) + " " : "") + (extra.Length > 0 ? "EXTRA " + string.Join(' ', extra) : "");
        Row(fault.Name, verdict.Trim(), found);
        if (verdict.Length > 0)
        {
            Console.WriteLine(SystemCheck.Describe(report));
        }

        if (repair && found.Count > 0)
        {
            Repair(fault.WhyNotRepaired, report);
        }
    }

    /// <summary>Puts many faults on one copy and mends them all.</summary>
    public void CheckTogether(IReadOnlyList<Fault> faults)
    {
        ValidationReport report = SystemCheck.Validate(scripts.Apply(system, faults.Select(fault => fault.Name)), system);
        Row($"{faults.Count} faults at once", "", SystemCheck.Found(report));
        Repair("", report);
    }

    private void Repair(string whyNot, ValidationReport report)
    {
        if (whyNot.Length > 0)
        {
            Console.WriteLine($"      not mended inside the machine: {whyNot}");
            return;
        }

        if (report.ToRepairScript() is not { } script)
        {
            Wrong++;
            Console.WriteLine("      NOT MENDED: there is no repair script");
            return;
        }

        File.WriteAllBytes(_script, script.Content.ToArray());
        int exitCode = scripts.Repair(_script);
        ValidationReport after = SystemCheck.Validate(scripts.CaseDisk, system);
        if (exitCode == 0 && after.Diagnostics.Count == 0)
        {
            Repaired++;
            return;
        }

        Wrong++;
        Console.WriteLine($"      NOT MENDED: the repair script ended with {exitCode}; what is found after it:\n{SystemCheck.Describe(after)}");
        if (exitCode != 0)
        {
            Console.WriteLine(string.Join('\n', scripts.Output.Split('\n').TakeLast(15).Select(line => "      | " + line)));
        }
    }

    private void Row(string name, string verdict, IReadOnlyList<string> found)
    {
        Wrong += verdict.Length > 0 ? 1 : 0;
        Console.WriteLine($"{(verdict.Length > 0 ? "!!" : "  ")} {name,-32} {(found.Count > 0 ? string.Join(' ', found) : "nothing")}{(verdict.Length > 0 ? "   <- " + verdict : "")}");
    }
}
