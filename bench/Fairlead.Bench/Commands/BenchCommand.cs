using System.CommandLine;
using Fairlead.Bench.Proxies;
using Fairlead.Bench.Tailnet;
using Spectre.Console;

namespace Fairlead.Bench.Commands;

/// <summary>The command line: figures of the whole operator, and <c>micro</c> for those of its parts.</summary>
internal static class BenchCommand
{
    private const int Success = 0;
    private const int TargetMissed = 1;
    private const int Broken = 2;

    public static RootCommand Create()
    {
        var program = Text("--program", "The fairlead executable.", Environment.GetEnvironmentVariable("FAIRLEAD_PROGRAM"));
        var results = Text("--results", "Directory for JSON.", "artifacts/bench");
        results.Recursive = true;
        var count = Number("--count", "Services of the scale run.", 1000);
        var objects = Number("--objects", "Objects of each kind in the memory measurement.", 10_000);
        var steady = Number("--steady", "Seconds to watch the operator while nothing changes.", 60);
        var audit = Text("--audit-log", "Audit log (JSON lines) of the API server that KUBECONFIG names; without, the operator's own counts are used.", null);
        var only = new Option<string?>("--only") { Description = "Just this part: scale or memory." };
        only.AcceptOnlyFromAmong("scale", "memory");
        var check = new Option<bool>("--check") { Description = "End with 1 when a target is missed." };
        var command = new RootCommand("Measures the operator; prints a table and writes JSON.") { Subcommands = { MicroCommand.Create(results), TailnetCommand.Create(results), ProxyCommand.Create(results) } };
        foreach (var option in (ReadOnlySpan<Option>)[program, results, count, objects, steady, audit, only, check])
        {
            command.Options.Add(option);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(program) is not { } path || !File.Exists(path))
            {
                await Console.Error.WriteLineAsync("bench: --program or FAIRLEAD_PROGRAM must name the fairlead executable; ./fairlead bench builds it").ConfigureAwait(false);
                return Broken;
            }

            var options = new BenchOptions
            {
                Program = Path.GetFullPath(path),
                Results = Path.GetFullPath(parsed.GetValue(results)!),
                Count = parsed.GetValue(count),
                Objects = parsed.GetValue(objects),
                Steady = TimeSpan.FromSeconds(parsed.GetValue(steady)),
                Kubeconfig = Environment.GetEnvironmentVariable("KUBECONFIG") is { Length: > 0 } kubeconfig ? kubeconfig : null,
                AuditLog = parsed.GetValue(audit),
                Baseline = Environment.GetEnvironmentVariable("FAIRLEAD_BASELINE_OPERATOR") is { Length: > 0 } baseline ? baseline : null,
                Scale = parsed.GetValue(only) is null or "scale",
                Memory = parsed.GetValue(only) is null or "memory",
            };
            try
            {
                var met = await new BenchRun(options, AnsiConsole.Console).RunAsync(cancellationToken).ConfigureAwait(false);
                return met || !parsed.GetValue(check) ? Success : TargetMissed;
            }
            catch (BenchmarkException e)
            {
                await Console.Error.WriteLineAsync($"bench: {e.Message}").ConfigureAwait(false);
                return Broken;
            }
        });
        return command;
    }

    private static Option<string?> Text(string name, string description, string? unset) =>
        new(name) { Description = description, DefaultValueFactory = _ => unset };

    private static Option<int> Number(string name, string description, int unset)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => unset };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && int.TryParse(text, out var number) && number < 1)
            {
                result.AddError($"{name} must be at least 1.");
            }
        });
        return option;
    }
}
