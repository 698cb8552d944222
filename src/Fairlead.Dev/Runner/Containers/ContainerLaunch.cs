using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Runner.Environments;
using Fairlead.Dev.Runner.Images;
using Fairlead.Dev.Runner.Processes;
using Fairlead.Dev.Runner.Volumes;

namespace Fairlead.Dev.Runner.Containers;

/// <summary>Works out the process of a container.</summary>
internal sealed class ContainerLaunch(PodContext context, JsonObject container)
{
    private const string SearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>What programs of this machine need and say nothing about a Pod.</summary>
    private static readonly string[] Inherited = ["PATH", "LANG", "LC_ALL", "TZ", "DOTNET_ROOT", "LD_LIBRARY_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR"];

    private string Name => container.Text("name") ?? "";

    public string Root => context.Directory.Root(Name);

    /// <summary>Null for images that this machine has no command for.</summary>
    public LocalCommand? Command => context.Images.Find(container.Text("image") ?? "", Name);

    /// <summary>Prepares the folder and the process.</summary>
    /// <exception cref="ContainerConfigurationException">The container's fields cannot be carried out as things are.</exception>
    public ProcessSpec Prepare(LocalCommand command)
    {
        var pod = context.Pod;
        var variables = context.Environment.Build(pod, container, context.Address, Base(pod, command));
        ContainerRoot.Prepare(Root, container, context.Volumes, variables);
        var workingDirectory = ContainerRoot.Inside(Root, container.Text("workingDir") ?? "/");
        Directory.CreateDirectory(workingDirectory);
        var (executable, arguments) = Line(command, variables);
        return new ProcessSpec(executable, arguments, variables, workingDirectory);
    }

    /// <summary>A command inside the running container: the same surroundings, another program.</summary>
    public static ProcessSpec Inside(ProcessSpec container, ImmutableArray<string> command) =>
        container with { Executable = command[0], Arguments = command[1..] };

    private (string Executable, ImmutableArray<string> Arguments) Line(LocalCommand command, Dictionary<string, string> variables)
    {
        if (command.IgnoresContainerCommand)
            return (command.Executable, command.Arguments);

        // A command replaces both the image's entry point and its arguments.
        ImmutableArray<string> given = [.. container.Texts("command").Select(text => VariableExpansion.Expand(text, variables))];
        ImmutableArray<string> arguments = [.. container.Texts("args").Select(text => VariableExpansion.Expand(text, variables))];
        if (!given.IsEmpty)
            return (given[0], [.. given[1..], .. arguments]);
        return (command.Executable, arguments.IsEmpty ? command.Arguments : arguments);
    }

    private IEnumerable<KeyValuePair<string, string>> Base(JsonObject pod, LocalCommand command)
    {
        foreach (var name in Inherited)
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
                yield return new(name, value);
        }

        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("PATH")))
            yield return new("PATH", SearchPath);
        yield return new("HOSTNAME", pod.Object("spec").Text("hostname") ?? pod.Name());
        yield return new("HOME", Root);
        yield return new("TMPDIR", Path.Combine(Root, "tmp"));
        yield return new(PodVariables.Root, Root);
        yield return new(PodVariables.Address, context.Address.Pod.ToString());
        if (SearchList.Of(pod) is { Count: > 0 } domains)
            yield return new(PodVariables.SearchList, string.Join(' ', domains));
        foreach (var variable in context.Variables)
            yield return variable;
        foreach (var variable in command.Environment)
            yield return variable;
    }
}
