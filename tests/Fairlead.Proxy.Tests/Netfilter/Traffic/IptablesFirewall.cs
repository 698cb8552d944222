using System.Diagnostics;
using System.Text.RegularExpressions;
using Fairlead.Proxy.Netfilter;

namespace Fairlead.Proxy.Tests.Netfilter.Traffic;

/// <summary>One of the two implementations of iptables.</summary>
/// <param name="suffix">What the names of its programs end with.</param>
internal sealed partial class IptablesFirewall(string suffix) : IFirewall
{
    private readonly string[] _programs = ["iptables" + suffix, "ip6tables" + suffix];

    public NetfilterOptions Options { get; } = new()
    {
        FirewallMode = "iptables",
        IptablesProgram = "iptables" + suffix,
        Ip6tablesProgram = "ip6tables" + suffix,
    };

    public Task ResetAsync() => ForBothAsync(program =>
        $"""
        for table in nat mangle filter; do
          {program} -t $table -F
          {program} -t $table -X
        done
        """);

    public Task AddTailscaledAsync() => ForBothAsync(program =>
        $"""
        {program} -t filter -N ts-forward
        {program} -t filter -A ts-forward -i tailscale0 -j MARK --set-mark 0x40000/0xff0000
        {program} -t filter -A FORWARD -j ts-forward
        {program} -t nat -N ts-postrouting
        {program} -t nat -A ts-postrouting -m mark --mark 0x40000/0xff0000 -j MASQUERADE
        {program} -t nat -A POSTROUTING -j ts-postrouting
        """);

    public async Task<IReadOnlyList<CountedRule>> RulesAsync()
    {
        var rules = new List<CountedRule>();
        foreach (var program in _programs)
        {
            foreach (var (table, line) in await LinesAsync(program))
            {
                if (Counted().Match(line) is { Success: true } match)
                {
                    rules.Add(new CountedRule($"{program} {table} {match.Groups[2].Value}", match.Groups[3].Value, long.Parse(match.Groups[1].Value)));
                }
            }
        }

        return rules;
    }

    public static async Task<string> ShellAsync(string script)
    {
        using var process = Process.Start(new ProcessStartInfo("sh", ["-e", "-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{script}\n{error}");
        return await output;
    }

    // Table by table: only the system's administrator may ask the legacy variant which there are.
    private static async Task<List<(string Table, string Line)>> LinesAsync(string program)
    {
        var lines = new List<(string, string)>();
        foreach (var table in (string[])["nat", "mangle", "filter"])
        {
            lines.AddRange((await ShellAsync($"{program}-save -c -t {table}")).Split('\n').Select(line => (table, line)));
        }

        return lines;
    }

    private Task<string> ForBothAsync(Func<string, string> script) => ShellAsync(string.Join('\n', _programs.Select(script)));

    [GeneratedRegex(@"^\[(\d+):\d+\] -A (\S+) (.*)$")]
    private static partial Regex Counted();
}
