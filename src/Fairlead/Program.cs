using Fairlead.Verbs;

return await RootVerb.Create().Parse(args).InvokeAsync().ConfigureAwait(false);
