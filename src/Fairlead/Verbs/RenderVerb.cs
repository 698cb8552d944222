using System.Collections.Immutable;
using System.CommandLine;
using Fairlead.CommandLine;
using Fairlead.HelmValues;
using Fairlead.Manifests;
using Fairlead.Operator.Configuration;
using Fairlead.Operator.ProxyClasses;
using Fairlead.Operator.Resources.ProxyClasses;
using Fairlead.Output;
using Fairlead.Rendering;

namespace Fairlead.Verbs;

/// <summary><c>fairlead render</c>: the objects the operator would create for manifests, without a cluster.</summary>
internal static class RenderVerb
{
    public static Command Create()
    {
        var files = new Option<string[]>("--file", "-f")
        {
            Description = "Manifests: a file, a directory, or - for standard input. May be given again.",
            HelpName = "FILE",
            Required = true,
        };
        var values = new Option<string[]>("--values")
        {
            Description = "Values of the operator's Helm chart. May be given again; later files win.",
            HelpName = "FILE",
        };
        var operatorNamespace = new Option<string>("--operator-namespace")
        {
            Description = "Namespace of the operator, where the objects go.",
            DefaultValueFactory = _ => "tailscale",
            HelpName = "NAMESPACE",
        };
        var defaultNamespace = new Option<string>("--namespace", "-n")
        {
            Description = "Namespace of manifests that name none.",
            DefaultValueFactory = _ => "default",
            HelpName = "NAMESPACE",
        };
        var output = OutputOption.Create(OutputOption.Yaml, OutputOption.Json);
        var verb = new Verb("render", "Prints the objects the operator would create for manifests, without a cluster.")
        {
            Examples =
            [
                ("fairlead render -f examples/argocd-server.yaml", "the objects of one proxy"),
                ("kustomize build . | fairlead render -f - --values values.yaml", "for what a repository deploys, with the chart's values"),
                ("fairlead render -f manifests/ --output json", "as one List; exit code 1 and messages with file and line if something is wrong"),
            ],
        };
        foreach (var option in (ReadOnlySpan<Option>)[files, values, operatorNamespace, defaultNamespace, output])
        {
            verb.Options.Add(option);
        }

        verb.SetAction(result =>
        {
            var rendered = Render(
                result.GetRequiredValue(files),
                result.GetValue(values) ?? [],
                result.GetRequiredValue(operatorNamespace),
                result.GetRequiredValue(defaultNamespace));
            var errors = result.InvocationConfiguration.Error;
            foreach (var warning in rendered.Warnings)
            {
                errors.WriteLine($"warning: {warning}");
            }

            foreach (var problem in rendered.Problems)
            {
                errors.WriteLine($"error: {problem}");
            }

            if (rendered.Problems.Length > 0)
            {
                return ExitCodes.Findings;
            }

            ManifestWriter.Write(result.InvocationConfiguration.Output, rendered.Manifests, result.GetValue(output) == OutputOption.Json);
            if (rendered.Manifests.IsEmpty)
            {
                errors.WriteLine("nothing is created: no Service in these manifests asks for a proxy");
            }

            return ExitCodes.Success;
        });
        return verb;
    }

    /// <summary>Problems in one place do not hide those in another, except where the settings themselves are in doubt.</summary>
    private static RenderResult Render(string[] files, string[] valueFiles, string operatorNamespace, string defaultNamespace)
    {
        var values = new ChartValues();
        foreach (var file in valueFiles)
        {
            values.Read(file, ManifestFiles.ReadFile(file));
        }

        if (values.Problems.Count > 0)
        {
            return new RenderResult { Manifests = [], Problems = [.. values.Problems], Warnings = [.. values.Warnings] };
        }

        var environment = values.Environment;
        var settings = new OperatorEnvironment(
            name => name == "OPERATOR_NAMESPACE" ? operatorNamespace : environment.GetValueOrDefault(name), static _ => null).Settings();
        var set = new ManifestSet(defaultNamespace);
        var problems = new List<ManifestProblem>();
        foreach (var (name, text) in ManifestFiles.Read(files, Console.In))
        {
            foreach (var source in ManifestReader.Read(name, text, problems))
            {
                problems.AddRange(set.Add(source));
            }
        }

        var renderer = new ServiceRenderer(settings, new ProxyClassResolver(settings, new ManifestCache<ProxyClass>(set.Classes)), defaultNamespace);
        foreach (var (source, service) in set.Services)
        {
            renderer.Add(source, service);
        }

        var rendered = renderer.Result;
        ImmutableArray<ManifestProblem> all = [.. problems, .. rendered.Problems];
        return rendered with { Problems = all, Warnings = [.. values.Warnings, .. rendered.Warnings] };
    }
}
