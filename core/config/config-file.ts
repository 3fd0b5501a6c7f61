// The name of the file with the settings of a project.
export const CONFIG_FILE = 'assay.yml'
