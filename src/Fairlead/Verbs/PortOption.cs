using System.CommandLine;

namespace Fairlead.Verbs;

/// <summary>Options that take a port to listen on.</summary>
internal static class PortOption
{
    public static Option<int> Create(string name, string description)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "PORT" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && int.TryParse(text, out var port) && port is < 0 or > 65535)
            {
                result.AddError($"{name} must be from 0 (a free port) to 65535.");
            }
        });
        return option;
    }
}
