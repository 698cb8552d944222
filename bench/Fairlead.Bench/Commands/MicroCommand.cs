using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters.Json;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Fairlead.Bench.Commands;

/// <summary><c>micro</c>: the hot parts one by one, each against a stated other way of doing the same.</summary>
internal static class MicroCommand
{
    public static Command Create(Option<string?> results)
    {
        var filter = new Argument<string>("FILTER") { Description = "Part of a benchmark's name.", DefaultValueFactory = _ => "" };
        var command = new Command("micro", "Micro benchmarks of decode, plan, drift comparison, queue, metrics and cryptography.") { filter };
        command.SetAction(parsed =>
        {
            // In this process: the figures are ratios within one run, and no second build is needed.
            var config = ManualConfig.Create(DefaultConfig.Instance)
                .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
                .AddDiagnoser(MemoryDiagnoser.Default)
                .AddExporter(JsonExporter.Brief)
                .WithArtifactsPath(Path.Combine(Path.GetFullPath(parsed.GetValue(results)!), "micro"))
                .WithOptions(ConfigOptions.DisableLogFile);
            var summaries = BenchmarkSwitcher.FromAssembly(typeof(MicroCommand).Assembly)
                .Run(["--filter", $"*{parsed.GetValue(filter)}*"], config);
            return summaries.Any() && summaries.All(summary => !summary.HasCriticalValidationErrors && summary.Reports.All(report => report.Success)) ? 0 : 2;
        });
        return command;
    }
}
