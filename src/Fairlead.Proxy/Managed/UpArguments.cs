using System.Collections.Immutable;
using Fairlead.Proxy.Configuration;

namespace Fairlead.Proxy.Managed;

/// <summary>Arguments of <c>tailscale up</c> that mean something to a managed node.</summary>
internal sealed record UpArguments
{
    public string LoginServer { get; private init; } = "";

    public string Hostname { get; private init; } = "";

    public string ExitNode { get; private init; } = "";

    public bool AcceptRoutes { get; private init; }

    public bool AdvertiseExitNode { get; private init; }

    public bool ShieldsUp { get; private init; }

    public ImmutableArray<string> AdvertiseTags { get; private init; } = [];

    /// <param name="words"><c>--name=value</c>, <c>--name value</c> or <c>--flag</c>; one dash does as well.</param>
    /// <exception cref="ProxyConfigurationException">One is unknown, or lacks its value.</exception>
    public static UpArguments Parse(ImmutableArray<string> words)
    {
        var arguments = new UpArguments();
        for (var i = 0; i < words.Length; i++)
        {
            var (name, value) = Split(words[i]);
            var isFlag = name is "accept-routes" or "advertise-exit-node" or "shields-up" or "reset" or "force-reauth";
            if (!isFlag && value is null)
            {
                value = i + 1 < words.Length ? words[++i] : throw Refused(words[i], "it needs a value");
            }

            var on = !isFlag || value is null || (VariableReader.TryParseFlag(value) ?? throw Refused(words[i], "it can be true or false"));
            arguments = name switch
            {
                "login-server" => arguments with { LoginServer = value! },
                "hostname" => arguments with { Hostname = value! },
                "exit-node" => arguments with { ExitNode = value! },
                "advertise-tags" => arguments with { AdvertiseTags = [.. value!.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)] },
                "accept-routes" => arguments with { AcceptRoutes = on },
                "advertise-exit-node" => arguments with { AdvertiseExitNode = on },
                "shields-up" => arguments with { ShieldsUp = on },

                // A managed node begins with its configuration each time, so that there is nothing to reset.
                "reset" => arguments,
                _ => throw Refused(words[i], $"the managed engine does not have it; set {ProxyVariables.Engine}=tailscaled for it"),
            };
        }

        return arguments;
    }

    private static (string Name, string? Value) Split(string word)
    {
        if (!word.StartsWith('-'))
        {
            throw Refused(word, "arguments begin with --");
        }

        var name = word.TrimStart('-');
        var equals = name.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (name, null) : (name[..equals], name[(equals + 1)..]);
    }

    private static ProxyConfigurationException Refused(string word, string why) => new($"{ProxyVariables.ExtraArguments} has {word.Split('=')[0]}: {why}.");
}
